import diagnostics from 'node:diagnostics_channel'
import { ServerResponse, type OutgoingHttpHeaders } from 'node:http'
import { ChildProcess } from 'node:child_process'

import { SECRET_MARK } from '../../src/emulator/marked-bytes.js'
import { plain } from './raw-answer.js'

/** Every form in which a text may stand inside another one; its letters are the same in URLs and in JSON, so those add none. */
export function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  // Inside a longer text that is encoded as a whole, a text begins at one of three places of a group.
  const inside = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(shift === 0 ? 0 : shift + 1, encoded.length - 1)
  })
  return [
    text,
    bytes.toString('hex'),
    ...inside,
    ...inside.map((part) => part.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

const marks = [
  SECRET_MARK,
  // In tokens of base64, and where it begins a UUID.
  Buffer.from(SECRET_MARK, 'hex').toString('base64url'),
  SECRET_MARK.replace(/^.{8}/, '$&-'),
].flatMap(formsOf)
const PATTERN = new RegExp([...new Set(marks)].join('|').replaceAll('+', '\\+'))

/** What stands around a secret of an emulator in a text, in whatever form the secret is there; null when there is none. */
export function leakIn(text: string): string | null {
  const at = text.search(PATTERN)
  return at < 0 ? null : `…${text.slice(Math.max(0, at - 80), at)}[secret]`
}

const LEAKS = Symbol.for('dialgraph leaks')
type Watched = typeof ServerResponse & { [LEAKS]?: string[] }

/** What was found since it was last asked. */
export const takeLeaks = (): readonly string[] => (ServerResponse as Watched)[LEAKS]?.splice(0) ?? []

/**
 * Searches, in this process and as long as it lives, every answer of a server of ours, every line of a log, and everything that a server in
 * a process of its own says. Emulators answer with secrets all day; they are known by the header they lack.
 */
export function watchForLeaks(): void {
  const watched = ServerResponse as Watched
  if (watched[LEAKS]) return
  const leaks: string[] = (watched[LEAKS] = [])
  const search = (what: string, text: string) => {
    const leak = leakIn(text)
    if (leak !== null) leaks.push(`${what}: ${leak}`)
  }
  watchLogs((line) => search('a line of the log', line))
  watchAnswers((text) => search('an answer', text))
  watchChildren((text) => search('the output of a process', text))
}

/** pino tells whoever listens of every line it has made. */
function watchLogs(search: (line: string) => void): void {
  diagnostics.subscribe('tracing:pino_asJson:end', (message) =>
    search(String((message as { result?: unknown }).result)),
  )
}

function watchAnswers(search: (text: string) => void): void {
  const ours = new WeakMap<ServerResponse, OutgoingHttpHeaders>()
  const { writeHead, write, end } = ServerResponse.prototype
  const searchBody = (response: ServerResponse, chunk: unknown) => {
    const headers = ours.get(response)
    if (!headers) return
    if (typeof chunk === 'string') search(chunk)
    else if (chunk instanceof Uint8Array && !isSound(headers)) search(searchable(chunk, headers))
  }
  Object.assign(ServerResponse.prototype, {
    writeHead(this: ServerResponse, ...parameters: unknown[]) {
      const headers =
        parameters.find((one): one is OutgoingHttpHeaders => typeof one === 'object' && one !== null) ?? {}
      if (headers['x-request-id'] && headers['referrer-policy']) {
        ours.set(this, headers)
        search(JSON.stringify(headers))
      }
      return writeHead.apply(this, parameters as never)
    },
    write(this: ServerResponse, ...parameters: unknown[]) {
      searchBody(this, parameters[0])
      return write.apply(this, parameters as never)
    },
    end(this: ServerResponse, ...parameters: unknown[]) {
      searchBody(this, parameters[0])
      return end.apply(this, parameters as never)
    },
  })
}

const isSound = (headers: OutgoingHttpHeaders): boolean => /^audio\//.test(String(headers['content-type'] ?? ''))

/** Answers are compressed as a whole; files of the explorer, which come in parts, are not made here. */
function searchable(bytes: Uint8Array, headers: OutgoingHttpHeaders): string {
  const isFile = String(headers['cache-control']).includes('immutable')
  const encoding = headers['content-encoding']
  return isFile || encoding === undefined ? Buffer.from(bytes).toString('latin1') : plain(bytes, String(encoding))
}

function watchChildren(search: (text: string) => void): void {
  interface Spawning {
    spawn(options: { readonly args?: readonly string[] }): number
  }
  const prototype = ChildProcess.prototype as unknown as Spawning
  const { spawn } = prototype
  prototype.spawn = function (this: ChildProcess & Spawning, options) {
    const code = spawn.call(this, options)
    // Whoever starts an emulator alone is told what it may be logged in with.
    if (options.args?.some((argument) => argument.endsWith('dist/main.js')) && !options.args.includes('emulator'))
      for (const output of [this.stdout, this.stderr]) output?.on('data', (chunk: unknown) => search(String(chunk)))
    return code
  }
}
