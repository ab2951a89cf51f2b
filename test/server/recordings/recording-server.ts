import { createHash } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

import type { Emulator } from '../../../src/emulator/emulator.js'
import type { BulutfonEmulator, BulutfonKnobs } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../../src/server/server.js'

/** A server with recordings to listen to, at Bulutfon and at IPEX, and a clock that all three share. */
export interface RecordingServer extends RunningServer {
  readonly bulutfon: BulutfonEmulator
  readonly ipex: IpexEmulator
  readonly log: () => Record<string, unknown>[]
  /** Everything the log has written, as text. */
  readonly logText: () => string
  /** Time passes for us and for the providers. */
  advance(seconds: number): void
  /** Asks for a link to a recording of this call, as GraphQL has it. */
  link(callId: string, link?: string): Promise<LinkAnswer>
}

export interface LinkAnswer {
  readonly url: string
  readonly expiresAt: string
  /** `id` of the recording. */
  readonly id: string
}

export interface RecordingServerOptions {
  readonly knobs?: Partial<BulutfonKnobs>
  readonly limits?: object
  readonly server?: object
  readonly store?: object
  /** Workspace of the account `izmir`. */
  readonly workspace?: string
}

export async function startRecordingServer({
  knobs = {},
  limits = {},
  server = {},
  store = { url: 'memory:' },
  workspace = 'default',
}: RecordingServerOptions = {}): Promise<RecordingServer> {
  const options = { scale: 0.02 }
  const emulators = {
    bulutfon: (await (await bulutfon.emulator())({ ...options, knobs })) as BulutfonEmulator,
    ipex: (await (await ipex.emulator())(options)) as IpexEmulator,
  }
  let moved = 0
  const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
  const accounts = [
    { id: 'izmir', ...emulators.bulutfon.accounts.authorizationCode, workspace },
    { id: 'master', ...emulators.bulutfon.accounts.masterToken },
    { id: 'called', ...emulators.bulutfon.accounts.password },
    { id: 'stranger', ...emulators.bulutfon.accounts.other },
    { id: 'praha', ...emulators.ipex.accounts.password },
  ]
  const config = checkConfig({ server: { port: 0, ...server }, store, limits, accounts }, [bulutfon, ipex], {
    environment: {},
  })
  const lines: string[] = []
  const log = createLog({ write: (line: string) => void lines.push(line) })
  const running = await startServer(config, { providers: [bulutfon, ipex], log, clock })
  return {
    ...running,
    ...emulators,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => lines.join(''),
    advance(seconds) {
      moved += seconds * 1000
      for (const emulator of Object.values(emulators) as Emulator[]) emulator.clock.advance(seconds * 1000)
    },
    async link(callId, link = 'link') {
      const response = await fetch(`${running.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: `query ($id: ID!) { node(id: $id) { ... on CallRecord { recordings { id ${link} { url expiresAt } } } } }`,
          variables: { id: callId },
        }),
      })
      const { data, errors } = (await response.json()) as {
        data: { node: { recordings: { id: string; link: { url: string; expiresAt: string } }[] } }
        errors?: { message: string }[]
      }
      const recording = data?.node?.recordings[0]
      if (!recording?.link) throw new Error(`no link: ${JSON.stringify({ data, errors })}`)
      return { id: recording.id, ...recording.link }
    },
    async close() {
      const complete = await running.close()
      await Promise.all([emulators.bulutfon.close(), emulators.ipex.close()])
      return complete
    },
  }
}

/** What came back, byte for byte. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly sha256: string
  /** Whether all that was announced has arrived. */
  readonly complete: boolean
}

/** A request over a connection of its own, as it is: nothing decoded, nothing followed, nothing kept. */
export function ask(
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      const end = () => {
        const body = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          sha256: createHash('sha256').update(body).digest('hex'),
          complete: response.complete,
        })
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', end)
      response.once('error', end)
    })
    request.once('error', reject)
    request.end()
  })
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
