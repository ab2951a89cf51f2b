import { CommandFailed } from '../command-failed.js'
import { reach, Unanswered } from './graph.js'
import type { Output } from './output.js'

/** No byte for so long: the connection is taken for lost. */
const SILENCE_MS = 60_000

/**
 * Writes a file from where the output ends to the file's end; called again, it goes on where it was.
 * `onBytes`: called with the bytes that are there, of all.
 * @returns SHA-256 of the whole file, base64
 * @throws Unanswered where the connection was lost, or the link is no longer good
 * @throws CommandFailed where the output is no part of this file
 */
export async function download(
  url: string,
  output: Output,
  onBytes: (done: number, of: number) => void,
): Promise<string> {
  const head = await reach(url, { method: 'HEAD', signal: AbortSignal.timeout(SILENCE_MS) })
  if (!head.ok) throw new Unanswered(`The link to the file is answered with status ${head.status}.`)
  const bytes = Number(head.headers.get('content-length'))
  const [, sha256 = ''] = /sha-256=:([^:]+):/.exec(head.headers.get('repr-digest') ?? '') ?? []
  if (output.size > bytes)
    throw new CommandFailed(
      `There are ${output.size} bytes already, and the file of this export has ${bytes}: they belong to another one.`,
    )
  if (output.size < bytes) await writeFrom(output.size, bytes, url, output, onBytes)
  return sha256
}

async function writeFrom(
  first: number,
  bytes: number,
  url: string,
  output: Output,
  onBytes: (done: number, of: number) => void,
): Promise<void> {
  const lost = new AbortController()
  const silence = setTimeout(() => lost.abort(), SILENCE_MS)
  try {
    const response = await reach(url, { headers: { range: `bytes=${first}-` }, signal: lost.signal })
    if (!response.ok || !response.body || (first > 0 && response.status !== 206))
      throw new Unanswered(`The file is answered with status ${response.status}.`)
    for await (const chunk of chunksOf(response.body)) {
      // A slow reader of ours is no silence of the server's.
      silence.refresh()
      await output.write(chunk)
      silence.refresh()
      onBytes(output.size, bytes)
    }
  } finally {
    clearTimeout(silence)
  }
  if (output.size < bytes) throw new Unanswered('The connection was lost in the middle of the file.')
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Unanswered('The connection was lost in the middle of the file.')
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
