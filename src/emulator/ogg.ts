/**
 * A silent Ogg Opus file: small, valid and playable; generated page by page, so that it can be very
 * long.
 */
export interface OggFile {
  readonly length: number
  /** The bytes from `from` to `to`, exclusive. */
  read(from: number, to: number): AsyncIterable<Buffer>
}

/** 20 ms of silence, the shortest valid Opus packet for it. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe])
const PACKETS_PER_PAGE = 50
const SAMPLES_PER_PACKET = 960
const PAGE_HEADER = 27

/** One page per second (RFC 3533 pages, RFC 7845 packets); `title` makes each file unique. */
export function silentOgg(title: string, seconds: number): OggFile {
  const serial = [...title].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7)
  const head = [
    oggPage({ serial, sequence: 0, granule: 0, flags: 2, packets: [opusHead()] }),
    oggPage({ serial, sequence: 1, granule: 0, flags: 0, packets: [opusTags(title)] }),
  ]
  const headLength = head.reduce((sum, { length }) => sum + length, 0)
  const pages = Math.max(1, Math.ceil(seconds))
  const pageLength = PAGE_HEADER + PACKETS_PER_PAGE + PACKETS_PER_PAGE * SILENCE.length
  const length = headLength + pages * pageLength
  const silence = Array.from({ length: PACKETS_PER_PAGE }, () => SILENCE)
  const audio = (index: number) =>
    oggPage({
      serial,
      sequence: index + 2,
      granule: (index + 1) * PACKETS_PER_PAGE * SAMPLES_PER_PACKET,
      flags: index === pages - 1 ? 4 : 0,
      packets: silence,
    })

  async function* read(from: number, to: number): AsyncIterable<Buffer> {
    if (from < headLength) yield Buffer.concat(head).subarray(from, Math.min(to, headLength))
    const first = Math.max(0, Math.floor((from - headLength) / pageLength))
    for (let index = first; index < pages; index += 1) {
      const start = headLength + index * pageLength
      if (start >= to) return
      yield audio(index).subarray(Math.max(0, from - start), Math.min(pageLength, to - start))
    }
  }
  return { length, read }
}

/** Seconds of silence that have at least this many bytes. */
export const secondsFor = (bytes: number): number =>
  Math.ceil(bytes / (PAGE_HEADER + PACKETS_PER_PAGE * (1 + SILENCE.length)))

function opusHead(): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 0, 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(1, 9)
  head.writeUInt32LE(8000, 12)
  return head
}

function opusTags(title: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const count = Buffer.from([1, 0, 0, 0])
  return Buffer.concat([Buffer.from('OpusTags'), text('emulator'), count, text(`TITLE=${title}`)])
}

export interface OggPage {
  readonly serial: number
  readonly sequence: number
  readonly granule: number
  /** 2: first page of the stream, 4: last page. */
  readonly flags: number
  /** Each shorter than 255 bytes. */
  readonly packets: readonly Buffer[]
}

export function oggPage({ serial, sequence, granule, flags, packets }: OggPage): Buffer {
  const header = Buffer.alloc(PAGE_HEADER)
  header.write('OggS', 0, 'latin1')
  header.writeUInt8(flags, 5)
  header.writeBigUInt64LE(BigInt(granule), 6)
  header.writeUInt32LE(serial, 14)
  header.writeUInt32LE(sequence, 18)
  header.writeUInt8(packets.length, 26)
  const page = Buffer.concat([header, Buffer.from(packets.map(({ length }) => length)), ...packets])
  page.writeUInt32LE(checksum(page), 22)
  return page
}

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** Ogg's CRC-32: polynomial 04c11db7, not reflected, initial value 0. */
export function checksum(page: Buffer): number {
  let crc = 0
  for (const byte of page) crc = ((crc << 8) ^ (table[(crc >>> 24) ^ byte] as number)) >>> 0
  return crc
}
