import {
  BookOpen,
  Cpu,
  Factory,
  HeartHandshake,
  Hospital,
  Leaf,
  type LucideIcon,
  Map as MapIcon,
  Palette,
  School,
  ScrollText,
  Shield,
  TrainFront,
  Zap,
} from 'lucide-react';

/** A system that the Outline asks for, whether it runs yet or not. */
export interface Asked {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
}

/** A field of public life, with the systems that the Outline asks for in it. */
export interface Domain {
  readonly zh: string;
  readonly en: string;
  readonly icon: LucideIcon;
  readonly systems: readonly Asked[];
}

const rows = (table: string): readonly Asked[] =>
  table
    .trim()
    .split('\n')
    .map((row) => {
      const [name = '', zh = '', en = ''] = row.split('|').map((cell) => cell.trim());
      return { name, zh, en };
    });

/** All systems that the Outline of the Yangtze River Delta asks for in chapters 4 to 8, by field; a node says which of them run. */
export const domains: readonly Domain[] = [
  {
    zh: '健康',
    en: 'Health',
    icon: Hospital,
    systems: rows(`
      medical-settlement | 异地就医结算 | Medical settlement
      health-record | 健康档案 | Health record
      referral | 双向转诊 | Referral
      first-aid | 急救联网 | First aid
      epidemic | 疫情联防 | Epidemic control`),
  },
  {
    zh: '综合交通',
    en: 'Transport',
    icon: TrainFront,
    systems: rows(`
      ticketing | 联网售票 | Ticketing
      transit-card | 交通一卡通 | Transit card
      toll | 高速通行费 | Road tolls
      transport-supervision | 运输监管 | Transport supervision
      smart-road | 智慧公路 | Smart roads
      ports | 港航 | Ports
      post | 邮政快递 | Post and parcels`),
  },
  {
    zh: '民生',
    en: 'Social services',
    icon: HeartHandshake,
    systems: rows(`
      social-insurance | 社保转移 | Social insurance
      elder-care | 养老补贴结算 | Elder care
      archives | 民生档案 | Archives
      service-directory | 服务目录 | Service directory
      employment | 就业 | Employment
      wage-blacklist | 欠薪黑名单 | Wage blacklist
      labour-dispute | 劳动争议 | Labour disputes
      legal-services | 法律服务 | Legal services`),
  },
  {
    zh: '平安',
    en: 'Safety',
    icon: Shield,
    systems: rows(`
      emergency | 灾害应急 | Emergency
      city-risk | 城市风险 | City risk
      grid-governance | 网格治理 | Grid governance
      work-safety | 安全生产 | Work safety`),
  },
  {
    zh: '生态环境',
    en: 'Environment',
    icon: Leaf,
    systems: rows(`
      air-quality | 空气质量 | Air quality
      air-alert | 重污染应急 | Heavy pollution
      emission-inventory | 排放清单 | Emissions
      water-quality | 水质 | Water quality
      eco-compensation | 生态补偿 | Eco-compensation
      hazardous-waste | 危废联单 | Hazardous waste
      ship-waste | 船舶污染物 | Ship waste
      env-risk | 环境风险 | Environmental risk
      eco-space | 生态红线 | Ecological space
      eco-product | 生态产品 | Eco-products`),
  },
  {
    zh: '诚信',
    en: 'Credit',
    icon: ScrollText,
    systems: rows('credit | 公共信用 | Public credit'),
  },
  {
    zh: '规划',
    en: 'The Outline',
    icon: MapIcon,
    systems: rows('plan | 规划纲要 | The Outline itself'),
  },
  {
    zh: '文化旅游体育',
    en: 'Culture and sport',
    icon: Palette,
    systems: rows(`
      reading-card | 阅读一卡通 | Reading card
      culture-services | 文化服务 | Culture services
      heritage | 文物保护 | Heritage
      tourism-directory | 旅游信息 | Tourism directory
      crowd-warning | 客流预警 | Crowd warning
      travel-packages | 高铁套票 | Travel packages
      tour-pass | 畅游卡 | Tour pass
      sports | 体育资源 | Sports`),
  },
  {
    zh: '教育',
    en: 'Education',
    icon: School,
    systems: rows(`
      education-indicators | 教育指标 | Education indicators
      vocational | 职业教育 | Vocational training`),
  },
  {
    zh: '能源水利',
    en: 'Energy, water',
    icon: Zap,
    systems: rows(`
      power-exchange | 电力交换 | Power exchange
      water-dispatch | 水资源调度 | Water dispatch`),
  },
  {
    zh: '数字',
    en: 'Digital',
    icon: Cpu,
    systems: rows(`
      data-catalog | 数据目录 | Data catalogue
      city-brain | 城市大脑 | City brain
      positioning | 北斗定位 | Positioning
      compute | 算力 | Computing power
      identifier | 标识解析 | Identifiers
      industrial-platform | 工业互联网 | Industrial platform
      industrial-security | 工业安全 | Industrial security`),
  },
  {
    zh: '开放与产业',
    en: 'Trade, industry',
    icon: Factory,
    systems: rows(`
      expo | 进博对接 | Import Expo
      trade | 贸易 | Trade
      industry-transfer | 产业转移 | Industry transfer
      innovation | 创新 | Innovation`),
  },
];

/** The icon of a system that the catalogue does not know. */
export const otherIcon: LucideIcon = BookOpen;
