/** How a client takes the results of a subscription. */
export type StreamKind = 'sse' | 'multipart'

/** What the Accept header of a request says about streams. */
export interface AcceptedStream {
  readonly kind: StreamKind
  /** Whether an answer that is no stream may be plain JSON. */
  readonly json: boolean
}

interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

const JSON_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/graphql-response+json',
  'application/graphql+json',
])

/**
 * The stream that a client names in its Accept header (RFC 9110 §12.5.1), by quality, then in this
 * order; null when it names none. Wildcards name none: they come from clients that never asked for
 * a stream.
 */
export function acceptedStream(header: string | undefined): AcceptedStream | null {
  if (header === undefined || !/event-stream|multipart/i.test(header)) return null
  const ranges = rangesOf(header).filter(({ quality }) => quality > 0)
  const best = (isIt: (range: MediaRange) => boolean) =>
    Math.max(0, ...ranges.filter(isIt).map(({ quality }) => quality))
  const sse = best(({ type }) => type === 'text/event-stream')
  // Without its parameter it asks for the parts of one answer (`@defer`), which this is not.
  const multipart = best(({ type, parameters }) => type === 'multipart/mixed' && parameters.has('subscriptionspec'))
  if (sse === 0 && multipart === 0) return null
  const json = ranges.some(({ type }) => JSON_TYPES.has(type) || type === 'application/*' || type === '*/*')
  return { kind: sse >= multipart ? 'sse' : 'multipart', json }
}

function rangesOf(header: string): readonly MediaRange[] {
  return split(header, ',').map((range) => {
    const [type = '', ...rest] = split(range, ';')
    const parameters = new Map(
      rest.map((parameter) => {
        const [name = '', value = ''] = parameter.split('=', 2)
        return [name.trim().toLowerCase(), value.trim().replace(/^["'](.*)["']$/, '$1')] as const
      }),
    )
    const quality = Number(parameters.get('q') ?? 1)
    return { type: type.trim().toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality }
  })
}

/** At separators that do not stand within quotes. */
function split(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = ['']
  let isQuoted = false
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    if (character === separator && !isQuoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
