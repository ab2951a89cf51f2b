import { setTimeout as pause } from 'node:timers/promises'

import { list, OutcomeUnknown, ProviderError, received, text } from '../../../provider.js'
import type { AccountFacts, Received, Reply, WriteResult } from '../../../provider.js'
import { answerOf, ask, rowsOf, saidBy, type Asking } from '../ask.js'
import { FRESHNESS, LINES } from '../freshness.js'
import { EXTENSIONS, RELOAD, RELOAD_STATE, USERS, type Question } from '../questions.js'
import type { WireExtension, WireUser } from '../wire.js'

/** The library's own word for what threw: it may have happened before that. */
const THREW = 'Internal server error'
/** Pause before the first look at a reload, ms; each one after it is twice as long. */
const FIRST_LOOK_MS = 100

const NOT_YET =
  'Saved, not yet applied: the switchboard has not finished its reload. It takes effect with the next one (Apply Config).'
const NOT_APPLIED = 'Saved, not yet applied: the reload of the switchboard failed. Apply it in the web interface.'

/** What the writes of extensions share: sending a mutation, applying it, reading anew. */
export class ExtensionWriting {
  constructor(
    readonly asking: Asking,
    private readonly applySeconds: number,
    readonly account: AccountFacts,
  ) {}

  /**
   * Sends one mutation and has it applied.
   *
   * @throws OutcomeUnknown where the answer does not say whether it was done
   */
  async send(mutation: Question, input: Readonly<Record<string, unknown>>): Promise<WriteResult> {
    const { rest, url } = this.asking
    const body = { query: mutation.query, variables: { input } }
    const reply = await rest.write('POST', url, body, LINES).catch((error: unknown) => {
      throw this.#meant(error, mutation)
    })
    this.#assertDone(reply, mutation)
    return { notYet: await this.#apply() }
  }

  /** The users at this moment, by number. */
  async users(): Promise<ReadonlyMap<string, Received<WireUser>>> {
    const reply = await ask(this.asking, USERS, {}, { freshness: FRESHNESS.users, fresh: true })
    return byNumber<WireUser>(rowsOf(reply, USERS, 'coreUser'), 'extension')
  }

  /** What can be read of one extension at this moment; null where it is gone. */
  async extension(number: string): Promise<Received<WireExtension> | null> {
    const reply = await ask(this.asking, EXTENSIONS, {}, { freshness: FRESHNESS.extensionDetails, fresh: true })
    return byNumber<WireExtension>(rowsOf(reply, EXTENSIONS, 'extension'), 'extensionId').get(number) ?? null
  }

  /** 15 and 16 answer what threw in the same shape as a refusal. */
  #meant(error: unknown, { field }: Question): unknown {
    if (!(error instanceof ProviderError) || saidBy(error.answer) !== THREW) return error
    return new OutcomeUnknown(threw(field))
  }

  #assertDone(reply: Reply, mutation: Question): void {
    const body = received<{ errors: unknown }>(reply.body)
    const said = (list(body?.errors) ?? []).length > 0 ? saidBy(reply.body) : null
    if (said === THREW) throw new OutcomeUnknown(threw(mutation.field))
    if (said !== null) throw refused(mutation.field, reply.body)
    const { status } = answerOf<{ status: unknown }>(reply, mutation)
    if (status === false) throw refused(mutation.field, reply.body)
    // Neither: the old extension may have been deleted, and the new one not made.
    if (status !== true) throw new OutcomeUnknown(threw(mutation.field))
  }

  /** Null once it is in force. What was saved stays saved, whatever becomes of the reload. */
  async #apply(): Promise<string | null> {
    try {
      const { rest, url } = this.asking
      const begun = await rest.write('POST', url, { query: RELOAD.query, variables: { input: {} } }, [])
      const txnId = text(answerOf<{ transaction_id: unknown }>(begun, RELOAD).transaction_id)
      if (txnId === null) return NOT_YET
      for (let wait = FIRST_LOOK_MS, waited = 0; waited + wait <= this.applySeconds * 1000; wait *= 2) {
        await pause(wait)
        waited += wait
        const state = await ask(this.asking, RELOAD_STATE, { txnId }, { freshness: FRESHNESS.reload, fresh: true })
        const word = text(answerOf<{ message: unknown }>(state, RELOAD_STATE).message)
        if (word === 'Executed') return null
        if (word === 'Failed') return NOT_APPLIED
      }
      return NOT_YET
    } catch {
      return NOT_YET
    }
  }
}

function byNumber<Wire extends object>(rows: readonly unknown[], key: keyof Wire): Map<string, Received<Wire>> {
  return new Map(
    rows.flatMap((row) => {
      const wire = received<Wire>(row)
      const number = text(wire?.[key])
      return wire !== null && number !== null ? [[number, wire] as const] : []
    }),
  )
}

const threw = (field: string) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `${field} was asked of FreePBX: it failed on the way`, {
    reason: 'GRAPHQL_ERROR',
  })

const refused = (field: string, answer: unknown) =>
  new ProviderError('PROVIDER_REJECTED', `${field} was asked of FreePBX: it refused`, { answer })
