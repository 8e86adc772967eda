import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useSyncExternalStore } from 'react';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, CanvasRenderer]);

declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createHTML(html: string): string }): unknown;
    };
  }
}

// The library empties its element with an empty text; our policy of trusted types lets nothing else through.
window.trustedTypes?.createPolicy('default', {
  createHTML(html) {
    if (html !== '') throw new TypeError('no markup is made of text here');
    return '';
  },
});

/** A row of a chart's data: one value for each category. */
export interface ChartRow {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What a chart shows; `label` is the sentence that says it, for those who do not see it. */
export interface ChartProps {
  readonly kind: 'bar' | 'line';
  readonly label: string;
  readonly categories: readonly string[];
  readonly rows: readonly ChartRow[];
  /** How a value is written on the axis. */
  readonly show: (value: number) => string;
  /** Categories between which a peer was away. */
  readonly shaded?: readonly (readonly [from: string, to: string])[];
}

/** A chart on analysts' pages, in the page's own colours; a table with the same figures stands beside it. */
export function Chart(props: ChartProps) {
  const theme = useSyncExternalStore(watchTheme, themeNow);
  return <Drawn key={theme} {...props} />;
}

function Drawn({ kind, label, categories, rows, show, shaded = none }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const chart = init(place.current);
    chart.setOption(optionOf({ kind, label, categories, rows, show, shaded }, colours(place.current)));
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [kind, label, categories, rows, show, shaded]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

const none: readonly (readonly [string, string])[] = [];

type Colours = Readonly<Record<'text' | 'quiet' | 'hair' | 'action' | 'you' | 'good', string>>;

function colours(element: HTMLElement): Colours {
  const found = (name: string): string => {
    element.style.color = `var(--${name})`;
    return getComputedStyle(element).color;
  };
  return {
    text: found('text'),
    quiet: found('quiet'),
    hair: found('hair'),
    action: found('action'),
    you: found('you'),
    good: found('good'),
  };
}

/** How the page is shown: a chart is drawn anew when that changes. */
const system = matchMedia('(prefers-color-scheme: dark)');
const paper = matchMedia('print');

function themeNow(): string {
  return `${document.documentElement.dataset['theme']} ${system.matches} ${paper.matches}`;
}

function watchTheme(changed: () => void): () => void {
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  for (const one of [system, paper]) one.addEventListener('change', changed);
  return () => {
    watch.disconnect();
    for (const one of [system, paper]) one.removeEventListener('change', changed);
  };
}

function optionOf(of: Required<ChartProps>, colour: Colours): EChartsCoreOption {
  const legend = { top: 0, left: 0, itemWidth: 12, itemHeight: 12, icon: 'rect' };
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false } },
    color: of.kind === 'bar' ? [colour.you, colour.action] : [colour.action, colour.good, colour.quiet],
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 13, color: colour.quiet },
    grid: {
      left: 4,
      right: 12,
      top: 36,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: { ...legend, textStyle: { color: colour.text, fontSize: 14 } },
    ...axesOf(of, colour),
    series: of.rows.map((row, at) => ({
      ...seriesOf(row, of, colour),
      ...(at === 0 ? shadeOf(of.shaded, colour) : {}),
    })),
  };
}

function axesOf({ categories, show }: Required<ChartProps>, { quiet, hair }: Colours): EChartsCoreOption {
  return {
    xAxis: {
      type: 'category',
      data: [...categories],
      axisLine: { lineStyle: { color: quiet } },
      axisTick: { show: false },
      axisLabel: { color: quiet },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      minInterval: 1,
      axisLabel: { color: quiet, formatter: show },
      splitLine: { lineStyle: { color: hair } },
    },
  };
}

/** Values of a line below which each is marked: a line of one point cannot be seen. */
const few = 3;

function seriesOf({ name, values }: ChartRow, { kind, show }: Required<ChartProps>, { text }: Colours) {
  return {
    type: kind,
    name,
    data: [...values],
    barMaxWidth: 40,
    symbol: 'circle',
    showSymbol: values.length < few,
    lineStyle: { width: 2 },
    label: { show: kind === 'bar', position: 'top', color: text, formatter: barLabel(show) },
    labelLayout: { hideOverlap: true },
  };
}

function shadeOf(shaded: readonly (readonly [string, string])[], { you }: Colours) {
  const data = shaded.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]);
  return { markArea: { silent: true, itemStyle: { color: you, opacity: 0.14 }, data } };
}

/** The amount above a bar; nothing above one that is not there. */
function barLabel(show: ChartProps['show']) {
  return ({ value }: { readonly value: unknown }): string => (Number(value) === 0 ? '' : show(Number(value)));
}
