import { GraphQLError, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'

import { AppError, CursorInvalid } from '../../../src/errors.js'
import type { Viewer } from '../../../src/graphql/context.js'
import { enforceScopes } from '../../../src/graphql/needs.js'
import type { Feed, FeedItem, OpenedFeed } from '../../../src/graphql/feed.js'
import type { Operation } from '../../../src/operation.js'

export interface TickerContext {
  readonly operation: Operation
  readonly viewer: Viewer
}

/** A root value: what happened, and whether it is told late. */
interface Tick {
  readonly text: string
  readonly live: boolean
  readonly position: number
}

/** A log of texts whose positions count from 1, as a feed tells it. */
export class Ticker {
  readonly log: string[] = []
  /** Positions up to this one are forgotten. */
  forgotten = 0
  /** Executions of the field `text` by position. */
  readonly executions: number[] = []
  /** What a field waits for before it is resolved, by its text. */
  readonly gates = new Map<string, Promise<void>>()
  /** Called while stored items are read, after each. */
  onRead: (() => void | Promise<void>) | null = null
  listeners = 0
  /** Who hold it, that there may be listened for longer than `forsake` says. */
  followers = 0
  #isFollowed = true
  readonly #listeners = new Set<(item: FeedItem) => void>()

  append(...texts: readonly string[]): void {
    for (const text of texts) {
      this.log.push(text)
      const position = this.log.length
      for (const listener of [...this.#listeners]) listener({ position, value: { text, live: true, position } })
    }
  }

  /** As when it took too long to begin: nobody may listen any more, unless it is followed. */
  forsake(): void {
    this.#isFollowed = this.followers > 0
  }

  open(given: Readonly<Record<string, unknown>>): OpenedFeed {
    const { resumeAfter, only } = given as { resumeAfter?: string | null; only?: string | null }
    if (resumeAfter === '') throw new CursorInvalid()
    const isWanted = (text: string) => only == null || text.startsWith(only)
    // oxlint-disable-next-line typescript/no-this-alias -- the feed is an object of its own
    const ticker = this
    const feed: Feed = {
      get position() {
        return ticker.log.length
      },
      async follow() {
        ticker.followers += 1
        ticker.#isFollowed = true
        return () => void (ticker.followers -= 1)
      },
      async *read(after, until) {
        if (after < ticker.forgotten) throw new AppError('CURSOR_INVALID', 'Too old', { reason: 'EXPIRED' })
        for (let position = after + 1; position <= until; position += 1) {
          const text = ticker.log[position - 1]!
          if (text === 'broken feed') throw new TypeError('canary-feed-secret')
          if (isWanted(text)) yield { position, value: { text, live: false, position } }
          await ticker.onRead?.()
        }
      },
      listen(listener) {
        if (!ticker.#isFollowed) throw new Error('Nobody follows')
        const filtered = (item: FeedItem) => {
          if (isWanted((item.value as Tick).text)) listener(item)
        }
        ticker.#listeners.add(filtered)
        ticker.listeners += 1
        return () => {
          if (ticker.#listeners.delete(filtered)) ticker.listeners -= 1
        }
      },
    }
    return { feed, after: resumeAfter == null ? null : Number(resumeAfter) }
  }

  get schema(): GraphQLSchema {
    const text = {
      type: GraphQLString,
      resolve: async ({ text, position }: Tick) => {
        this.executions.push(position)
        await this.gates.get(text)
        if (text.startsWith('fails')) throw new TypeError('canary-resolver-secret')
        if (text.startsWith('refused')) throw new AppError('PROVIDER_TIMEOUT', 'The provider did not answer')
        return text
      },
    }
    const Tick = new GraphQLObjectType<Tick, TickerContext>({
      name: 'Tick',
      fields: {
        text,
        live: { type: GraphQLString, resolve: ({ live }) => String(live) },
        cursor: { type: new GraphQLNonNull(GraphQLString), resolve: ({ position }) => String(position) },
        link: {
          type: GraphQLString,
          extensions: { holdsCredential: true },
          resolve: (_tick, _given, { viewer }) => `for ${viewer.name}`,
        },
        shout: {
          type: GraphQLString,
          args: { times: { type: GraphQLInt, defaultValue: 1 } },
          resolve: ({ text }, { times }: { times: number }) => text.toUpperCase().repeat(times),
        },
      },
    })
    const scoped = (scope: string | null) => ({ scope })
    const args = { resumeAfter: { type: GraphQLString }, only: { type: GraphQLString } }
    const feed = { open: (given: Readonly<Record<string, unknown>>) => this.open(given), cursorArgument: 'resumeAfter' }
    const state = { position: 0, value: { text: 'state', live: true, position: 0 } }
    const first = {
      open: () => ({ ...this.open({}), feed: this.#own(() => [state]) }),
      cursorArgument: null,
    }
    const resolve = (tick: unknown) => tick
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType<unknown, TickerContext>({
        name: 'Query',
        fields: {
          hello: { type: GraphQLString, extensions: scoped(null), resolve: (_root, _given, { viewer }) => viewer.name },
          fails: {
            type: GraphQLString,
            extensions: scoped(null),
            resolve: () => Promise.reject(new GraphQLError('no', { extensions: { code: 'NOT_FOUND' } })),
          },
        },
      }),
      mutation: new GraphQLObjectType<unknown, TickerContext>({
        name: 'Mutation',
        fields: {
          tick: {
            type: GraphQLString,
            args: { text: { type: GraphQLString } },
            extensions: scoped(null),
            resolve: (_root, { text }: { text: string }) => {
              this.append(text)
              return text
            },
          },
        },
      }),
      subscription: new GraphQLObjectType<unknown, TickerContext>({
        name: 'Subscription',
        fields: {
          ticks: { type: Tick, args, extensions: { ...scoped('telephony:read'), feed }, resolve },
          states: { type: Tick, extensions: { ...scoped(null), feed: first }, resolve },
          managed: { type: Tick, extensions: { ...scoped('accounts:manage'), feed }, resolve },
        },
      }),
    })
    enforceScopes(schema)
    return schema
  }

  /** A feed whose position is read each time, as an object that can be extended. */
  #own(first: NonNullable<Feed['first']>): Feed {
    const { feed } = this.open({})
    return {
      get position() {
        return feed.position
      },
      first,
      follow: feed.follow,
      read: feed.read,
      listen: feed.listen,
    }
  }
}
