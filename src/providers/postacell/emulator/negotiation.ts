/** The two formats of responses, in order of preference. */
const renderers = [
  { format: 'json', type: 'application/json' },
  { format: 'api', type: 'text/html' },
] as const

export type Rendering = (typeof renderers)[number]['format']

/** The media types of the renderers, as listed by OPTIONS. */
export const renders = renderers.map(({ type }) => type)

/**
 * The format for an Accept header, null for none. More specific ranges win, and weights (`q`) are
 * ignored: Django REST framework's rule, not HTTP's.
 */
export function negotiate(accept: string | undefined, format: string | null): Rendering | null | 'unknown format' {
  const candidates = format ? renderers.filter((one) => one.format === format) : renderers
  if (candidates.length === 0) return 'unknown format'
  const ranges = (accept || '*/*').split(',').map(parseRange)
  for (const precedence of [3, 2, 1, 0]) {
    const level = ranges.filter((range) => range.precedence === precedence)
    const found = candidates.find(({ type }) => level.some((range) => range.matches(type)))
    if (found) return found.format
  }
  return null
}

function parseRange(range: string): { precedence: number; matches: (type: string) => boolean } {
  const [full = '', ...parameters] = range
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/)
  const [main, sub] = full.split('/')
  const extra = parameters.filter((parameter) => !parameter.startsWith('q='))
  return {
    precedence: main === '*' ? 0 : sub === '*' ? 1 : extra.length === 0 ? 2 : 3,
    matches(type) {
      const [typeMain, typeSub] = type.split('/')
      return (main === '*' || main === typeMain) && (sub === '*' || sub === typeSub)
    },
  }
}
