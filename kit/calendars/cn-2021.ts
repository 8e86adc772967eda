import type { CalendarYear } from './calendar-year.ts';

/** Days off and made-up working days by the State Council's notice for 2021. 节假日安排 */
export const cn2021: CalendarYear = {
  year: 2021,
  notices: [
    {
      number: '国办发明电〔2020〕27号',
      published: '2020-11-25',
      url: 'http://www.gov.cn/zhengce/zhengceku/2020-11/25/content_5564127.htm',
    },
  ],
  off: [
    { name: '元旦', from: '2021-01-01', to: '2021-01-03' },
    { name: '春节', from: '2021-02-11', to: '2021-02-17' },
    { name: '清明节', from: '2021-04-03', to: '2021-04-05' },
    { name: '劳动节', from: '2021-05-01', to: '2021-05-05' },
    { name: '端午节', from: '2021-06-12', to: '2021-06-14' },
    { name: '中秋节', from: '2021-09-19', to: '2021-09-21' },
    { name: '国庆节', from: '2021-10-01', to: '2021-10-07' },
  ],
  work: ['2021-02-07', '2021-02-20', '2021-04-25', '2021-05-08', '2021-09-18', '2021-09-26', '2021-10-09'],
};
