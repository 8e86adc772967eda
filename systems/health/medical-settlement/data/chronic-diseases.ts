import type { Code } from '@yitong/kit';

/** The ten chronic diseases that are settled across provinces (门诊慢特病). Which code is which disease's was not compared with the published list. */
export const chronicDiseaseCodes: readonly Code[] = [
  ['M00500', '恶性肿瘤门诊治疗', 'Cancer, treated as an outpatient'],
  ['M01600', '糖尿病', 'Diabetes'],
  ['M03900', '高血压', 'High blood pressure'],
  ['M07801', '尿毒症透析', 'Dialysis'],
  ['M08300', '器官移植术后抗排异治疗', 'After an organ transplant'],
  ['M05300', '慢性阻塞性肺疾病', 'Chronic obstructive pulmonary disease'],
  ['M06900', '类风湿关节炎', 'Rheumatoid arthritis'],
  ['M04600', '冠心病', 'Coronary heart disease'],
  ['M00200', '病毒性肝炎', 'Viral hepatitis'],
  ['M07200', '强直性脊柱炎', 'Ankylosing spondylitis'],
].map(([code = '', name = '', nameEn = '']) => ({
  code,
  name: `${name}（编码待核对）`,
  nameEn: `${nameEn} (code to check)`,
}));
