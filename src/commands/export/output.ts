import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, fstatSync, statSync, type Stats } from 'node:fs'
import { finished } from 'node:stream/promises'

import { CommandFailed } from '../command-failed.js'

/** Where the bytes of an export go: after those that are there. */
export interface Output {
  /** Bytes that are there, from this run or one before. */
  readonly size: number
  write(bytes: Uint8Array): Promise<void>
  /** Resolves when all is written. */
  end(): Promise<void>
  /** SHA-256 of all bytes, base64; null where those of a run before cannot be read. */
  digest(): string | null
}

/** @throws CommandFailed for a file that would be overwritten */
export function assertNew(path: string): void {
  if (existsSync(path))
    throw new CommandFailed(`${path} is there already. Name another file, or go on with --resume <id>.`)
}

/** A file, from where it ends. */
export async function fileOutput(path: string): Promise<Output> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const digest = createHash('sha256')
  if (size > 0) for await (const bytes of createReadStream(path)) digest.update(bytes as Buffer)
  const file = createWriteStream(path, { flags: 'a' })
  await once(file, 'open')
  return outputTo(file, size, digest, async () => {
    file.end()
    await finished(file)
  })
}

/**
 * Standard output. `goesOn`: after the bytes that the shell found in the file, as with `>> calls.csv`;
 * otherwise those are not of this export.
 */
export function standardOutput(goesOn: boolean): Output {
  const size = goesOn ? (fileBehind(process.stdout.fd)?.size ?? 0) : 0
  return outputTo(process.stdout, size, size === 0 ? createHash('sha256') : null, () => Promise.resolve())
}

/** Null for a pipe or a terminal. */
function fileBehind(descriptor: number): Stats | null {
  const stats = fstatSync(descriptor)
  return stats.isFile() ? stats : null
}

function outputTo(
  stream: NodeJS.WritableStream,
  before: number,
  digest: Hash | null,
  end: () => Promise<void>,
): Output {
  let size = before
  return {
    get size() {
      return size
    },
    async write(bytes) {
      digest?.update(bytes)
      size += bytes.length
      if (!stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) await once(stream, 'drain')
    },
    end,
    digest: () => digest?.copy().digest('base64') ?? null,
  }
}
