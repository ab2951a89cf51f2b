import { crc32, LAST_BLOCK } from './chunks.js'

/** A file whose deflated bytes are there already. */
export interface DeflatedEntry {
  readonly name: string
  readonly bytes: number
  /** Without the last block. */
  readonly packedBytes: number
  readonly crc: number
}

/** What stands around the deflated bytes of a file, so that all is a ZIP with a second file. */
export interface ZipAround {
  readonly before: Buffer
  readonly after: Buffer
}

const DEFLATED = 8
const STORED = 0
/** APPNOTE 4.4.3: 4.5, for the sizes of ZIP64. */
const VERSION = 45
/** APPNOTE 4.4.4: names are UTF-8. */
const FLAGS = 0x0800
/** Read and written by its owner, read by others; from a Unix. */
const ATTRIBUTES = (0o100_644 << 16) >>> 0
const MADE_BY = (3 << 8) | VERSION
const IN_ZIP64 = 0xffff_ffff

interface Entry {
  readonly name: Buffer
  readonly method: number
  readonly bytes: number
  readonly packedBytes: number
  readonly crc: number
  readonly offset: number
}

/**
 * The ZIP of a file that was deflated before and of a short one, byte for byte the same wherever it
 * is made (APPNOTE.TXT 6.3.10). Sizes are always those of ZIP64, so that nothing depends on them.
 */
export function zipAround(
  file: DeflatedEntry,
  beside: { readonly name: string; readonly text: string },
  at: Date,
): ZipAround {
  const date = dosTime(at)
  const text = Buffer.from(beside.text, 'utf8')
  const first: Entry = {
    ...{ name: Buffer.from(file.name, 'utf8'), method: DEFLATED, bytes: file.bytes, crc: file.crc, offset: 0 },
    packedBytes: file.packedBytes + LAST_BLOCK.length,
  }
  const before = localHeader(first, date)
  const second: Entry = {
    ...{ name: Buffer.from(beside.name, 'utf8'), method: STORED, bytes: text.length, packedBytes: text.length },
    ...{ crc: crc32(text), offset: before.length + first.packedBytes },
  }
  const header = localHeader(second, date)
  const directory = Buffer.concat([first, second].map((entry) => centralHeader(entry, date)))
  const directoryAt = second.offset + header.length + text.length
  return { before, after: Buffer.concat([LAST_BLOCK, header, text, directory, endOf(directory.length, directoryAt)]) }
}

function localHeader({ name, method, bytes, packedBytes, crc }: Entry, date: number): Buffer {
  const extra = zip64([bytes, packedBytes])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x0403_4b50, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(date, 10)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(IN_ZIP64, 18)
  header.writeUInt32LE(IN_ZIP64, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function centralHeader({ name, method, bytes, packedBytes, crc, offset }: Entry, date: number): Buffer {
  const extra = zip64([bytes, packedBytes, offset])
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x0201_4b50, 0)
  header.writeUInt16LE(MADE_BY, 4)
  header.writeUInt16LE(VERSION, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(method, 10)
  header.writeUInt32LE(date, 12)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(IN_ZIP64, 20)
  header.writeUInt32LE(IN_ZIP64, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(ATTRIBUTES, 38)
  header.writeUInt32LE(IN_ZIP64, 42)
  return Buffer.concat([header, name, extra])
}

/** The extended information of ZIP64, APPNOTE 4.5.3. */
function zip64(sizes: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * sizes.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * sizes.length, 2)
  sizes.forEach((size, place) => extra.writeBigUInt64LE(BigInt(size), 4 + 8 * place))
  return extra
}

/** The end of the central directory, of ZIP64 and of before: APPNOTE 4.3.14 to 4.3.16. */
function endOf(length: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22)
  end.writeUInt32LE(0x0606_4b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(MADE_BY, 12)
  end.writeUInt16LE(VERSION, 14)
  end.writeBigUInt64LE(2n, 24)
  end.writeBigUInt64LE(2n, 32)
  end.writeBigUInt64LE(BigInt(length), 40)
  end.writeBigUInt64LE(BigInt(directoryAt), 48)
  end.writeUInt32LE(0x0706_4b50, 56)
  end.writeBigUInt64LE(BigInt(directoryAt + length), 64)
  end.writeUInt32LE(1, 72)
  end.writeUInt32LE(0x0605_4b50, 76)
  end.writeUInt16LE(2, 84)
  end.writeUInt16LE(2, 86)
  end.writeUInt32LE(length, 88)
  end.writeUInt32LE(IN_ZIP64, 92)
  return end
}

/** Date and time as MS-DOS had them, in two seconds; in UTC here, so that every replica has the same. */
function dosTime(at: Date): number {
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
