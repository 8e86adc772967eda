import type { CalendarYear } from './calendar-year.ts';

/** Days off and made-up working days by the State Council's notice for 2019. 节假日安排 */
export const cn2019: CalendarYear = {
  year: 2019,
  notices: [
    {
      number: '国办发明电〔2018〕15号',
      published: '2018-12-06',
      url: 'http://www.gov.cn/zhengce/zhengceku/2018-12/06/content_5346276.htm',
    },
    {
      number: '国办发明电〔2019〕3号',
      published: '2019-03-22',
      url: 'http://www.gov.cn/zhengce/zhengceku/2019-03/22/content_5375877.htm',
    },
  ],
  off: [
    { name: '元旦', from: '2018-12-30', to: '2019-01-01' },
    { name: '春节', from: '2019-02-04', to: '2019-02-10' },
    { name: '清明节', from: '2019-04-05', to: '2019-04-05' },
    { name: '劳动节', from: '2019-05-01', to: '2019-05-04' },
    { name: '端午节', from: '2019-06-07', to: '2019-06-07' },
    { name: '中秋节', from: '2019-09-13', to: '2019-09-13' },
    { name: '国庆节', from: '2019-10-01', to: '2019-10-07' },
  ],
  work: ['2018-12-29', '2019-02-02', '2019-02-03', '2019-04-28', '2019-05-05', '2019-09-29', '2019-10-12'],
};
