import { setTimeout as pause } from 'node:timers/promises'

import { graphqlAnswer, graphqlMessage, graphqlRows, OutcomeUnknown, ProviderError } from '../../../provider.js'
import { list, received, text } from '../../../provider.js'
import type { GraphqlClient, GraphqlQuestion, Received, Reply, WriteResult } from '../../../provider.js'
import { FRESHNESS, LINES } from '../freshness.js'
import { EXTENSIONS, RELOAD, RELOAD_STATE, USERS, type WireExtension, type WireUser } from '../questions.js'

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
    private readonly pbx: GraphqlClient,
    private readonly applySeconds: number,
  ) {}

  /**
   * Sends one mutation and has it applied.
   *
   * @throws OutcomeUnknown where the answer does not say whether it was done
   */
  async send(mutation: GraphqlQuestion, input: Readonly<Record<string, unknown>>): Promise<WriteResult> {
    const reply = await this.pbx.change(mutation, input, LINES).catch((error: unknown) => {
      // 15 and 16 answer what threw in the same shape as a refusal.
      const isThrown = error instanceof ProviderError && graphqlMessage(error.answer) === THREW
      throw isThrown ? threw(mutation) : error
    })
    assertDone(reply, mutation)
    return { notYet: await this.#apply() }
  }

  /** The users at this moment, by number. */
  async users(): Promise<ReadonlyMap<string, WireUser>> {
    const reply = await this.pbx.ask(USERS, { freshness: FRESHNESS.users, fresh: true })
    return byNumber<WireUser>(graphqlRows(reply, USERS, USERS.list), 'extension')
  }

  /** What can be read of one extension at this moment; null where it is gone. */
  async extension(number: string): Promise<Received<WireExtension> | null> {
    const reply = await this.pbx.ask(EXTENSIONS, { freshness: FRESHNESS.extensionDetails, fresh: true })
    return byNumber<WireExtension>(graphqlRows(reply, EXTENSIONS, 'extension'), 'extensionId').get(number) ?? null
  }

  /** Null once it is in force. What was saved stays saved, whatever becomes of the reload. */
  async #apply(): Promise<string | null> {
    try {
      const begun = await this.pbx.change(RELOAD, {}, [])
      const txnId = text(graphqlAnswer<{ transaction_id: unknown }>(begun, RELOAD).transaction_id)
      if (txnId === null) return NOT_YET
      for (let wait = FIRST_LOOK_MS, waited = 0; waited + wait <= this.applySeconds * 1000; wait *= 2) {
        await pause(wait)
        waited += wait
        const reading = { variables: { txnId }, freshness: FRESHNESS.reload, fresh: true }
        const state = await this.pbx.ask(RELOAD_STATE, reading)
        const word = text(graphqlAnswer<{ message: unknown }>(state, RELOAD_STATE).message)
        if (word === 'Executed') return null
        if (word === 'Failed') return NOT_APPLIED
      }
      return NOT_YET
    } catch {
      return NOT_YET
    }
  }
}

function assertDone(reply: Reply, mutation: GraphqlQuestion): void {
  const hasErrors = (list(received<{ errors: unknown }>(reply.body)?.errors) ?? []).length > 0
  const said = hasErrors ? graphqlMessage(reply.body) : null
  const status = said === null && graphqlAnswer<{ status: unknown }>(reply, mutation).status
  if (said === THREW) throw threw(mutation)
  if (status === false) {
    const message = `${mutation.field} was asked of FreePBX: it refused`
    throw new ProviderError('PROVIDER_REJECTED', message, { answer: reply.body })
  }
  // Neither: the old extension may have been deleted, and the new one not made.
  if (status !== true) throw threw(mutation)
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

function threw({ field }: GraphqlQuestion): OutcomeUnknown {
  const message = `${field} was asked of FreePBX: it failed on the way`
  return new OutcomeUnknown(new ProviderError('PROVIDER_BAD_RESPONSE', message, { reason: 'GRAPHQL_ERROR' }))
}
