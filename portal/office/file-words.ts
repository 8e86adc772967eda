import { wordsOf } from '../app/texts.ts';

const chinese = {
  'file.choose': '选择文件',
  'file.other': '换一个文件',
  'file.help': '支持 PDF、PNG、JPEG、TIFF、ZIP、OFD、CSV 和纯文本，最大 {max}。',
  'file.on-its-way': '正在传送“{name}”，{share}',
  'file.here': '“{name}”已传到本节点，{size}',
  'file.remove': '移除“{name}”',
  'file.stop': '停止传送',
  'file.too-large': '“{name}”有 {size}，超过最大 {max}。请压缩或分成几个文件。',
  'file.cut': '传送中断。请检查网络后重新选择。',
  'file.download': '下载“{name}”，{size}',
  'file.fetching': '正在下载“{name}”',
  'file.same': '已下载，校验值一致：',
  'file.not-yet': '这个文件还没有传到本节点，或已按期限清除。可以稍后再试。',
  'file.other-bytes': '下载的内容与校验值不符，没有保存。请再试一次，仍不符的请告知运维人员。',
} as const;

const english: Readonly<Record<keyof typeof chinese, string>> = {
  'file.choose': 'Choose a file',
  'file.other': 'Choose another file',
  'file.help': 'PDF, PNG, JPEG, TIFF, ZIP, OFD, CSV or plain text, at most {max}.',
  'file.on-its-way': 'Sending “{name}”, {share}',
  'file.here': '“{name}” is at this node, {size}',
  'file.remove': 'Remove “{name}”',
  'file.stop': 'Stop sending',
  'file.too-large': '“{name}” has {size}, more than {max}. Make it smaller, or several files of it.',
  'file.cut': 'It did not get through. See to the network and choose it again.',
  'file.download': 'Download “{name}”, {size}',
  'file.fetching': 'Downloading “{name}”',
  'file.same': 'Downloaded; its checksum is right:',
  'file.not-yet': 'The file has not come to this node yet, or its term has ended. Try again later.',
  'file.other-bytes':
    'What came has another checksum and was not kept. Try once more; if it stays so, tell the operators.',
};

/** A text of files in the page's language; they are fetched with forms and records that have files. */
export const say = wordsOf({ 'zh-CN': chinese, en: english });

const units = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** Bytes in words, with one decimal above a thousand. */
export function sizeText(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const n = bytes / 1_024 ** power;
  return `${power === 0 || Number.isInteger(n) ? n : n.toFixed(1)} ${units[power]}`;
}
