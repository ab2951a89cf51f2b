import { ProviderError } from '../errors.js'
import type { ReadOptions, Reply, Rest } from '../http/rest.js'
import { list, received, type Received } from '../model/values/wire-value.js'
import { graphqlMessage, type GraphqlQuestion } from './graphql-question.js'

/** How long a field that was there may be away, as while the system is upgraded; ms. */
const UPGRADE_MS = 10 * 60_000

/** The same words in every library, and followed by guesses that differ: its beginning alone is compared. */
const HIDDEN_FIELD = /^Cannot query field /

/** One GraphQL endpoint. */
export interface GraphqlSettings {
  /** Of the system, for messages. */
  readonly name: string
  readonly url: string
  /** Whether what a root field answered is a refusal, where the API says so in data. */
  readonly isRefusal?: (root: Received<Record<string, unknown>>) => boolean
}

/** What is asked of a GraphQL API over the client of one operation. */
export interface GraphqlClient {
  readonly rest: Rest
  /**
   * Asks one question. The body is read whatever the status and its type say.
   *
   * @throws ProviderError for an error in the body, and as `Rest.post` does
   */
  ask(asked: GraphqlQuestion, options: GraphqlOptions): Promise<Reply>
  /** Sends a mutation, once; throws as `Rest.write` does, and nothing for an error in the body. */
  change(
    mutation: GraphqlQuestion,
    input: Readonly<Record<string, unknown>>,
    affects: readonly string[],
  ): Promise<Reply>
}

/** How a question is asked. */
export interface GraphqlOptions extends ReadOptions {
  readonly variables?: Readonly<Record<string, unknown>>
  /** As with `Rest.get`. */
  readonly fresh?: boolean
}

/**
 * A GraphQL API as one account sees it: its schema may be smaller than that of others, by scopes. Make
 * one for each account. A field that is missing for want of a scope and one that is away while the
 * system is upgraded look alike; what was there before is taken for the second for ten minutes
 * (`PROVIDER_UNAVAILABLE`, `FIELD_AWAY`), and what was read of it stands so long; then, and at once
 * where it never was, it is `PROVIDER_FORBIDDEN`, `FIELD_HIDDEN`.
 */
export class GraphqlApi {
  readonly #settings: GraphqlSettings
  readonly #seen = new Set<string>()
  /** Since when, ms. */
  readonly #missing = new Map<string, number>()

  constructor(settings: GraphqlSettings) {
    this.#settings = settings
  }

  /** The same over the client of one operation. */
  over(rest: Rest): GraphqlClient {
    const { url } = this.#settings
    return {
      rest,
      ask: ({ field, query }, { variables = {}, ...options }) =>
        rest.post(url, { query, variables }, { ...options, judge: (reply) => this.#errorIn(reply, field) }),
      change: ({ query }, input, affects) => rest.write('POST', url, { query, variables: { input } }, affects),
    }
  }

  #errorIn({ body, status, receivedAt }: Reply, field: string): ProviderError | null {
    const answer = received<{ errors: unknown; data: unknown }>(body)
    if ((list(answer?.errors) ?? []).length > 0)
      return HIDDEN_FIELD.test(graphqlMessage(body) ?? '')
        ? this.#hidden(field, Date.parse(receivedAt))
        : this.#failed(field, 'it failed there, and does not say why')
    const data = received<Record<string, unknown>>(answer?.data)
    const root = received<Record<string, unknown>>(data?.[field])
    if (root && this.#settings.isRefusal?.(root)) return this.#failed(field, 'it refused')
    if (status === 200 && root) {
      this.#seen.add(field)
      this.#missing.delete(field)
    }
    return null
  }

  #failed(field: string, why: string): ProviderError {
    const message = `${field} was asked of ${this.#settings.name}: ${why}`
    return new ProviderError('PROVIDER_BAD_RESPONSE', message, { reason: 'GRAPHQL_ERROR' })
  }

  #hidden(field: string, now: number): ProviderError {
    const since = this.#missing.get(field) ?? now
    this.#missing.set(field, since)
    const { name } = this.#settings
    if (this.#seen.has(field) && now - since < UPGRADE_MS) {
      const message = `${field} of ${name} is away, as while it is upgraded`
      return new ProviderError('PROVIDER_UNAVAILABLE', message, { reason: 'FIELD_AWAY' })
    }
    this.#seen.delete(field)
    return new ProviderError(
      'PROVIDER_FORBIDDEN',
      `This login has no ${field} at ${name}: its scopes do not open it, or what has it is not installed. See the provider's page.`,
      { reason: 'FIELD_HIDDEN' },
    )
  }
}
