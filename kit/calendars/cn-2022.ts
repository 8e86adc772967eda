import type { CalendarYear } from './calendar-year.ts';

/** Days off and made-up working days by the State Council's notice for 2022. 节假日安排 */
export const cn2022: CalendarYear = {
  year: 2022,
  notices: [
    {
      number: '国办发明电〔2021〕11号',
      published: '2021-10-25',
      url: 'http://www.gov.cn/zhengce/zhengceku/2021-10/25/content_5644835.htm',
    },
  ],
  off: [
    { name: '元旦', from: '2022-01-01', to: '2022-01-03' },
    { name: '春节', from: '2022-01-31', to: '2022-02-06' },
    { name: '清明节', from: '2022-04-03', to: '2022-04-05' },
    { name: '劳动节', from: '2022-04-30', to: '2022-05-04' },
    { name: '端午节', from: '2022-06-03', to: '2022-06-05' },
    { name: '中秋节', from: '2022-09-10', to: '2022-09-12' },
    { name: '国庆节', from: '2022-10-01', to: '2022-10-07' },
  ],
  work: ['2022-01-29', '2022-01-30', '2022-04-02', '2022-04-24', '2022-05-07', '2022-10-08', '2022-10-09'],
};
