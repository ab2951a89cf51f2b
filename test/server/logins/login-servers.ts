import type { Clock } from '../../../src/clock.js'
import type { BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import type { PostacellEmulator } from '../../../src/providers/postacell/emulator/emulator.js'
import type { RailsApiV1Emulator } from '../../../src/providers/rails-api-v1/emulator/emulator.js'
import type { Emulator, EmulatorOptions } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../../src/server/server.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'

export interface Emulators {
  readonly bulutfon: BulutfonEmulator
  readonly ipex: IpexEmulator
  readonly postacell: PostacellEmulator
  readonly 'rails-api-v1': RailsApiV1Emulator
}

/** Emulators that outlive the servers under test. */
export async function startEmulators<S extends keyof Emulators>(
  slugs: readonly S[],
  knobs: { readonly [K in S]?: object } = {},
): Promise<Pick<Emulators, S> & { close(): Promise<void>; advance(seconds: number): void }> {
  const started: Emulator[] = []
  const named: Record<string, Emulator> = {}
  for (const slug of slugs) {
    const start = await providers.find((provider) => provider.slug === slug)!.emulator()
    const options: EmulatorOptions = { scale: 0.02, knobs: knobs[slug] as Record<string, unknown> }
    named[slug] = await start(options)
    started.push(named[slug])
  }
  return {
    ...(named as unknown as Pick<Emulators, S>),
    async close() {
      for (const emulator of started) await emulator.close()
    },
    advance(seconds) {
      for (const emulator of started) emulator.clock.advance(seconds * 1000)
    },
  }
}

export interface LoginServer extends RunningServer {
  readonly store: Store
  readonly logLines: string[]
  /** The server's clock; the emulators have their own. */
  readonly clock: Clock & { advance(seconds: number): void }
  ask<Data = Record<string, never>>(query: string, variables?: object): Promise<Answer<Data>>
}

export interface Answer<Data> {
  readonly data: Data
  readonly errors?: readonly {
    message: string
    path?: readonly unknown[]
    extensions: Record<string, unknown> & { code: string }
  }[]
}

export interface LoginServerOptions {
  /** Entries of the configuration. */
  readonly accounts?: readonly object[]
  readonly store?: Store
  /** Further sections of the configuration. */
  readonly config?: object
  /** Variables that the configuration may name. */
  readonly environment?: Readonly<Record<string, string>>
}

export async function startLoginServer({
  accounts = [],
  store,
  config = {},
  environment = {},
}: LoginServerOptions = {}): Promise<LoginServer> {
  let moved = 0
  const clock = {
    now: () => Date.now() + moved,
    monotonic: () => performance.now() + moved,
    advance: (seconds: number) => void (moved += seconds * 1000),
  }
  const kept = store ?? memoryStore(clock.monotonic)
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  const document = { server: { port: 0 }, store: { url: 'memory:' }, limits: { cacheBytes: 0 }, accounts, ...config }
  const checked = checkConfig(document, providers, { environment })
  const server = await startServer(checked, { providers, log, clock, store: kept })
  return {
    url: server.url,
    get accounts() {
      return server.accounts
    },
    webhookUrl: server.webhookUrl,
    close: server.close,
    store: kept,
    logLines,
    clock,
    async ask(query, variables = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as never
    },
  }
}

/** A person's browser: keeps cookies by origin, and follows redirects only in `follow`. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(url, { headers })
  }

  async post(url: string, fields: Record<string, string>): Promise<Response> {
    return this.#fetch(url, { method: 'POST', body: new URLSearchParams(fields) })
  }

  /** Follows redirects to the page they end at; `way` has every address in between. */
  async follow(response: Response, from: string): Promise<{ page: Response; way: readonly string[] }> {
    const way = [from]
    for (;;) {
      const location = response.headers.get('location')
      if (!location) return { page: response, way }
      const next = new URL(location, way.at(-1)).href
      way.push(next)
      response = await this.get(next)
    }
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jar(url).get(name)
  }

  setCookie(url: string, name: string, value: string): void {
    this.#jar(url).set(name, value)
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const jar = this.#jar(url)
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie && { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  #jar(url: string): Map<string, string> {
    const { host } = new URL(url)
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, jar)
    return jar
  }
}

/** Opens our link; returns the address of the consent page it redirects to. */
export async function beginLogin(browser: Browser, server: { url: string }, account: string): Promise<URL> {
  const begun = await browser.get(`${server.url}/connect/${account}`)
  if (begun.status !== 303) throw new Error(`/connect/${account} answered ${begun.status}`)
  return new URL(begun.headers.get('location')!)
}

/** Presses a button of Bulutfon's consent page; returns the callback it redirects to. */
export async function decide(
  browser: Browser,
  authorize: URL,
  decision: 'approve' | 'refuse' = 'approve',
  account: 'company' | 'other' = 'company',
): Promise<string> {
  const page = await browser.get(authorize.href)
  const fields = Object.fromEntries(
    [...(await page.text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(
      ([, name, value]) => [name!, value!.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))],
    ),
  )
  const answer = await browser.post(new URL('/oauth/authorize', authorize).href, {
    ...fields,
    account,
    decision,
  })
  return answer.headers.get('location')!
}

/** Logs in at Bulutfon from our link up to the callback, which is not opened yet. */
export const agree = async (browser: Browser, server: { url: string }, account = 'shop'): Promise<string> =>
  decide(browser, await beginLogin(browser, server, account))
