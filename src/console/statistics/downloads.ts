/** Text that spreadsheets read as a table, and never as a formula. */
export function csvOf(lines: readonly (readonly (string | number | null)[])[]): Blob {
  const text = lines.map((line) => line.map(cellOf).join(',')).join('\r\n')
  // The mark tells spreadsheets that it is UTF-8.
  return new Blob([`\u{FEFF}${text}\r\n`], { type: 'text/csv;charset=utf-8' })
}

/** Height of a line of the heading in a picture, as the page counts pixels. */
const LINE = 22
const EDGE = 16

/** What a colour stands for: its custom property, and the words. */
export interface Key {
  readonly colour: string
  readonly name: string
}

/** The picture of a canvas below a heading, in the colours of the panel that it is in. */
export async function pictureOf(
  canvas: HTMLCanvasElement,
  heading: readonly string[],
  keys: readonly Key[],
): Promise<Blob | null> {
  const style = getComputedStyle(canvas.closest('.panel')!)
  const scale = canvas.width / canvas.clientWidth
  const copy = document.createElement('canvas')
  const context = copy.getContext('2d')!
  const fontOf = (at: number) => `${at === 0 ? 600 : 400} ${14 * scale}px ${style.fontFamily}`
  const written = heading.flatMap((text, at) => {
    context.font = fontOf(at)
    return broken(text, canvas.width, context).map((line) => ({ line, font: fontOf(at) }))
  })
  const lines = written.length + 1
  copy.width = canvas.width + 2 * EDGE * scale
  copy.height = canvas.height + (lines * LINE + 2 * EDGE) * scale
  context.fillStyle = style.backgroundColor
  context.fillRect(0, 0, copy.width, copy.height)
  context.fillStyle = style.color
  written.forEach(({ line, font }, at) => {
    context.font = font
    context.fillText(line, EDGE * scale, (EDGE + at * LINE + 14) * scale)
  })
  let left = EDGE * scale
  const middle = (EDGE + written.length * LINE + 9) * scale
  for (const { colour, name } of keys) {
    context.fillStyle = style.getPropertyValue(colour)
    context.fillRect(left, middle - 4 * scale, 12 * scale, 9 * scale)
    context.fillStyle = style.color
    context.fillText(name, left + 18 * scale, middle + 5 * scale)
    left += context.measureText(name).width + 36 * scale
  }
  context.drawImage(canvas, EDGE * scale, (EDGE + lines * LINE) * scale)
  return new Promise((resolve) => copy.toBlob(resolve, 'image/png'))
}

/** A text in lines that have room in a width. */
function broken(text: string, width: number, context: CanvasRenderingContext2D): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Gives a file to whoever looks at the page. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
