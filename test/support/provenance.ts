import type { Flow, Grant } from '../../src/auth/flow.js'
import type { EmulatedAccount, JournalEntry } from '../../src/emulator/emulator.js'
import type { Query, Rest } from '../../src/http/rest.js'
import type { Provider } from '../../src/providers/provider.js'
import type { Secret } from '../../src/secret.js'

/** Watches whose token every request to a provider carries, and that every answer came over a request of the account's own, from both ends. */
export interface Provenance {
  /** The same providers; their requests say for which account of ours they are sent. */
  readonly providers: readonly Provider[]
  /** What an emulator noted; to be called before its journal is cleared. */
  inspect(entries: readonly JournalEntry[]): void
  /**
   * Throws when any request carried a token that was never granted to its account, or one that the provider knows as another's; or when an
   * account was given an answer without a request that its own login carried.
   */
  assertOwn(): void
}

/** Requests carry the key of our account under this name. */
export const SENT_FOR = 'x-sent-for'
/** For whom, if for anybody, an emulator was asked. */
export const sentFor = ({ headers }: JournalEntry): string | null => headers[SENT_FOR] ?? null

/** `expected`: how an emulator's journal names the holder of the tokens of each account of ours; of others, the first name seen counts. */
export function watchProvenance(
  providers: readonly Provider[],
  expected: ReadonlyMap<string, string> = new Map(),
): Provenance {
  const wrong = new Set<string>()
  const holders = new Map(expected)
  /** What each account's own login was carried to. */
  const carried = new Map<string, Set<string>>()

  /** Logs in as ever, and remembers what was granted: only that may be carried. */
  function watched(flow: Flow, account: string): Flow {
    const granted = new Set<string>()
    const noting = async (grant: Promise<Grant>): Promise<Grant> => {
      const { accessToken } = await grant
      granted.add(accessToken.fingerprint())
      return grant
    }
    const { acquire, refresh, authorization, impersonation } = flow
    const actor = impersonation && watched(impersonation.actor, account)
    return {
      ...flow,
      ...(acquire && { acquire: (exchange, from) => noting(acquire(exchange, from)) }),
      ...(refresh && { refresh: (exchange, token) => noting(refresh(exchange, token)) }),
      ...(authorization && {
        authorization: {
          ...authorization,
          redeem: (exchange, answer) => noting(authorization.redeem(exchange, answer)),
        },
      }),
      ...(impersonation && actor && { impersonation: { ...impersonation, actor } }),
      apply(request, token: Secret) {
        if (granted.size > 0 && !granted.has(token.fingerprint()))
          wrong.add(`${account} carried what it was not granted`)
        carried.set(account, (carried.get(account) ?? new Set()).add(`${request.method} ${sorted(request.url)}`))
        const applied = flow.apply(request, token)
        return { ...applied, headers: { ...applied.headers, [SENT_FOR]: account } }
      },
    }
  }

  /** Reads as ever; an answer that nobody's request of this account brought has come from another's. */
  function watchedRest(rest: Rest, account: string): Rest {
    const checked = <T>(reply: T, line: string): T => {
      if (reply instanceof Promise) return reply.then((answer: unknown) => checked(answer, line)) as T
      if (!carried.get(account)?.has(line))
        wrong.add(`${account} was answered ${line.split('?')[0]} though it did not ask`)
      return reply
    }
    return {
      get: (url, query, options) => checked(rest.get(url, query, options), `GET ${sorted(url, query)}`),
      find: (url, query, options) => checked(rest.find(url, query, options), `GET ${sorted(url, query)}`),
      file: (url, query, options) => checked(rest.file(url, query, options), `GET ${sorted(url, query)}`),
      post(url, body, options) {
        const reply = rest.post(url, body, options)
        return options?.anonymous ? reply : checked(reply, `POST ${sorted(url)}`)
      },
      write: (method, url, body) => checked(rest.write(method, url, body), `${method} ${sorted(url)}`),
      identity: () => rest.identity(),
    }
  }

  return {
    providers: providers.map((provider) => ({
      ...provider,
      connect: (settings, facts) => {
        const connection = provider.connect(settings, facts)
        return {
          ...connection,
          flow: watched(connection.flow, facts.key),
          source: (rest: Rest) => connection.source(watchedRest(rest, facts.key)),
        }
      },
    })),
    inspect(entries) {
      for (const entry of entries) {
        const account = sentFor(entry)
        // A token that has run out, or was revoked, is nobody's any more.
        if (account === null || entry.account === null) continue
        const holder = holders.get(account) ?? entry.account
        holders.set(account, holder)
        if (holder !== entry.account)
          wrong.add(`${account} carried a token of ${entry.account} to ${entry.method} ${entry.path}, not of ${holder}`)
      }
    },
    assertOwn() {
      if (wrong.size > 0) throw new Error(`tokens went astray:\n${[...wrong].join('\n')}`)
    },
  }
}

/** How the journal of its emulator names who holds the tokens of this account; null where that is not known beforehand. */
export function holderOf(name: string, { provider, auth }: EmulatedAccount): string | null {
  switch (provider) {
    case 'bulutfon':
      return name.startsWith('other') ? 'other' : 'company'
    case 'ipex': {
      const { flow, username, email, impersonate } = auth as Readonly<Record<string, string | undefined>>
      const door = flow === 'password' ? '' : ` by ${flow}`
      return `${username ?? email}${door}${impersonate ? ` as ${impersonate}` : ''}`
    }
    case 'postacell':
    case 'rails-api-v1':
      return name
    default:
      return null
  }
}

/** One address for one question, in whatever order it is written. */
function sorted(url: string, query: Query = {}): string {
  const address = new URL(url)
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) address.searchParams.append(name, String(value))
  }
  address.searchParams.sort()
  return address.href
}
