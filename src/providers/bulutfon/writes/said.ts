import { ProviderError } from '../../../errors.js'
import type { Reply } from '../../../http/rest.js'
import { flag, list, received, text } from '../../../model/values/wire-value.js'

/**
 * What a refusal says: `error`, else `message`, else `messages`, each a text or a list of them. No
 * shape is documented; these are the keys that the vendor's own clients read.
 */
export function saidBy(answer: unknown): string | null {
  const body = received<Record<'error' | 'message' | 'messages', unknown>>(answer)
  return textsIn(body?.error) ?? textsIn(body?.message) ?? textsIn(body?.messages)
}

const textsIn = (value: unknown): string | null =>
  text(value) ??
  (list(value)
    ?.flatMap((one) => text(one) ?? [])
    .join('; ') ||
    null)

/**
 * A good status whose body says `success: false` is a refusal.
 *
 * @throws ProviderError PROVIDER_REJECTED
 */
export function assertSuccess({ body }: Reply, attempt: string): void {
  if (flag(received<{ success: unknown }>(body)?.success) !== false) return
  throw new ProviderError('PROVIDER_REJECTED', `${attempt}: Bulutfon answered that it did not do it`, { answer: body })
}
