import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** A content coding, RFC 9110 §8.4.1. */
export type Encoding = 'br' | 'gzip' | 'zstd'

/** Its published types lack the second argument. */
interface EncodingNegotiator {
  encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): readonly string[]
}

/**
 * What the client takes of the codings that are there, best first (RFC 9110 §12.5.3); `identity`,
 * the answer as it is, is among them unless the client refuses it. Ties go to the first of
 * `available`.
 */
export function acceptedEncodings<Available extends Encoding>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  available: readonly Available[],
): readonly (Available | 'identity')[] {
  const negotiator: EncodingNegotiator = new Negotiator({ headers })
  const offered = [...available, 'identity']
  return negotiator.encodings(offered, { preferred: offered }) as readonly (Available | 'identity')[]
}

/** Says that the response depends on these request headers, besides those it depends on already. */
export function addVary(reply: FastifyReply, ...names: readonly string[]): void {
  const before = String(reply.getHeader('vary') ?? '')
  const after = joined.get(`${before};${names.join()}`) ?? join(before, names)
  if (after !== before) void reply.header('vary', after)
}

/** There are few combinations, and every answer has one. */
const joined = new Map<string, string>()

function join(before: string, names: readonly string[]): string {
  const known = before.toLowerCase().split(/\s*,\s*/)
  const added = known.includes('*') ? [] : names.filter((name) => !known.includes(name.toLowerCase()))
  const after = [...(before === '' ? [] : [before]), ...added].join(', ')
  joined.set(`${before};${names.join()}`, after)
  return after
}
