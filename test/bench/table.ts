/** Words and figures as people and Markdown read them. */
import type { Spread } from './statistics.js'

/** A Markdown table as the formatter leaves it; the first row is the head, columns after the first so many stand to the right. */
export function table(rows: readonly (readonly string[])[], left = 1): string {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => [...(row[column] ?? '')].length)))
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => padded(row[column] ?? '', width, column >= left)).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column >= left ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n')
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - [...text].length)
  return right ? space + text : text + space
}

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

/** `5.1 (4.8–5.4)`, or the middle alone when there was one round. */
export function spread(value: Spread | null, unit = ''): string {
  if (value === null) return '–'
  const middle = `${figure(value.median)}${unit}`
  return value.min === value.max ? middle : `${middle} (${figure(value.min)}–${figure(value.max)})`
}
