import type { CalendarYear } from './calendar-year.ts';

/** Days off and made-up working days by the State Council's notice for 2024. 节假日安排 */
export const cn2024: CalendarYear = {
  year: 2024,
  notices: [
    {
      number: '国办发明电〔2023〕7号',
      published: '2023-10-25',
      url: 'https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm',
    },
  ],
  off: [
    { name: '元旦', from: '2024-01-01', to: '2024-01-01' },
    { name: '春节', from: '2024-02-10', to: '2024-02-17' },
    { name: '清明节', from: '2024-04-04', to: '2024-04-06' },
    { name: '劳动节', from: '2024-05-01', to: '2024-05-05' },
    { name: '端午节', from: '2024-06-10', to: '2024-06-10' },
    { name: '中秋节', from: '2024-09-15', to: '2024-09-17' },
    { name: '国庆节', from: '2024-10-01', to: '2024-10-07' },
  ],
  work: [
    '2024-02-04',
    '2024-02-18',
    '2024-04-07',
    '2024-04-28',
    '2024-05-11',
    '2024-09-14',
    '2024-09-29',
    '2024-10-12',
  ],
};
