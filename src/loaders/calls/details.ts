import type { CallRecord } from '../../model/call-record.js'
import type { CallLog } from '../../providers/provider.js'
import type { Pool } from '../pool.js'

/** What only the detail of a call has, read once per operation whoever asks, a bounded number at a time per account. */
export class CallDetails {
  readonly #answers = new Map<string, Promise<Partial<CallRecord>>>()

  /** Empty where the provider keeps nothing apart. Who asks first pays the request; a failure stays one until the operation ends. */
  read(call: CallRecord, log: CallLog, pool: Pool): Promise<Partial<CallRecord>> {
    let answer = this.#answers.get(call.id)
    if (!answer) {
      answer = pool.run(async () => (await log.detail?.(call)) ?? {})
      this.#answers.set(call.id, answer)
    }
    return answer
  }
}
