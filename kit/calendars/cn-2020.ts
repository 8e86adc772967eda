import type { CalendarYear } from './calendar-year.ts';

/** Days off and made-up working days by the State Council's notice for 2020. 节假日安排 */
export const cn2020: CalendarYear = {
  year: 2020,
  notices: [
    {
      number: '国办发明电〔2019〕16号',
      published: '2019-11-21',
      url: 'http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm',
    },
    {
      number: '国办发明电〔2020〕1号',
      published: '2020-01-27',
      url: 'http://www.gov.cn/zhengce/zhengceku/2020-01/27/content_5472352.htm',
    },
  ],
  off: [
    { name: '元旦', from: '2020-01-01', to: '2020-01-01' },
    { name: '春节', from: '2020-01-24', to: '2020-02-02' },
    { name: '清明节', from: '2020-04-04', to: '2020-04-06' },
    { name: '劳动节', from: '2020-05-01', to: '2020-05-05' },
    { name: '端午节', from: '2020-06-25', to: '2020-06-27' },
    { name: '国庆节、中秋节', from: '2020-10-01', to: '2020-10-08' },
  ],
  // The second notice prolonged the Spring Festival to 2 February; Monday 3 February is an ordinary working day.
  work: ['2020-01-19', '2020-04-26', '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10'],
};
