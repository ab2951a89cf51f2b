import { list, received, text } from '../../../model/values/wire-value.js'

/** A refusal of the API, as its framework (hapi) writes it. */
interface WireRefusal {
  readonly message?: string
  /** Of a request that does not fit: the keys that do not. */
  readonly validation?: { readonly keys?: readonly string[] }
}

/** What a refusal says: its message, and the keys it is about. */
export function saidBy(answer: unknown): string | null {
  const refusal = received<WireRefusal>(answer)
  const message = text(refusal?.message)
  const validation = received<NonNullable<WireRefusal['validation']>>(refusal?.validation)
  const keys = (list(validation?.keys) ?? []).flatMap((key) => text(key) ?? []).join(', ')
  if (keys === '') return message
  return message === null ? keys : `${message} (${keys})`
}
