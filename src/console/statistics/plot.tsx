import 'uplot/dist/uPlot.min.css'

import { useEffect, useRef } from 'react'
import UPlot from 'uplot'

import type { Row } from './rows.js'

/** As high as its place in the style. */
const HEIGHT = 280

/** As many bars of groups or extensions as have room for a name. */
export const MOST_BARS = 30

interface Props {
  readonly rows: readonly Row[]
  readonly label: string
  readonly locale: string
  /** Whether rows follow one another, so that a line may join them. */
  readonly isByTime: boolean
  readonly isCompared: boolean
}

type Drawn = Omit<Props, 'label'>

/** Calls and missed ones as bars, the period before as a line: the table below it says the same. */
export function Plot({ rows, label, locale, isByTime, isCompared }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current!
    const drawn = { rows, locale, isByTime, isCompared }
    let plot = draw(element, drawn)
    const sizes = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    sizes.observe(element)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const repaint = () => {
      plot.destroy()
      plot = draw(element, drawn)
    }
    scheme.addEventListener('change', repaint)
    return () => {
      scheme.removeEventListener('change', repaint)
      sizes.disconnect()
      plot.destroy()
    }
  }, [rows, locale, isByTime, isCompared])
  return <div className="plot" role="img" aria-label={label} ref={place} />
}

function draw(element: HTMLElement, { rows, locale, isByTime, isCompared }: Drawn): UPlot {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const numbers = new Intl.NumberFormat(locale)
  const font = `12px ${style.fontFamily}`
  const bars = UPlot.paths.bars!({ size: [0.7, 48] })
  const axis = { stroke: colour('muted'), font, ticks: { show: false } }
  return new UPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [12, 16, 0, 0],
      scales: {
        x: { time: false, range: [-0.6, rows.length - 0.4] },
        y: { range: (_, __, most) => [0, Math.max(most, 4) * 1.05] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 72,
          incrs: [1, 2, 3, 5, 7, 10, 14, 20, 30, 60],
          values: (_, at) => at.map((index) => shortened(rows[index]?.name ?? '')),
        },
        {
          ...axis,
          grid: { stroke: colour('line'), width: 1 },
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
          values: (_, at) => at.map((count) => numbers.format(count)),
        },
      ],
      series: [
        {},
        { paths: bars, fill: colour('accent'), width: 0, points: { show: false } },
        { paths: bars, fill: colour('bad'), width: 0, points: { show: false } },
        isByTime
          ? { show: isCompared, stroke: colour('muted'), width: 1.5, dash: [5, 4], points: { show: false } }
          : { show: isCompared, stroke: colour('muted'), paths: () => null, points: { show: true, size: 7 } },
      ],
    },
    [
      rows.map((_, at) => at),
      rows.map(({ calls }) => calls),
      rows.map(({ missed }) => missed),
      rows.map(({ callsBefore }) => callsBefore),
    ],
    element,
  )
}

const shortened = (name: string): string => (name.length > 11 ? `${name.slice(0, 10)}…` : name)
