/**
 * Small valid audio files: silence of a given length, with the file's name inside, so that all
 * differ.
 */

/** An MP3: MPEG-2.5 layer III, mono, 8 kHz, 8 kbit/s; a frame is 72 bytes and lasts 72 ms. */
export function silentMp3(title: string, seconds: number): Buffer {
  const frame = Buffer.alloc(72)
  // Sync, MPEG-2.5 layer III without checksum · 8 kbit/s at 8 kHz · mono. All-zero side information
  // is silence.
  frame.set([0xff, 0xe3, 0x18, 0xc0])
  return Buffer.concat([id3(title), ...Array<Buffer>(Math.max(1, Math.ceil(seconds / 0.072))).fill(frame)])
}

/** An Ogg Opus file, mono; every packet is 20 ms. RFC 7845 and, for the packets, RFC 6716. */
export function silentOgg(title: string, seconds: number): Buffer {
  const packets = Array<Buffer>(Math.max(1, Math.min(250, Math.ceil(seconds / 0.02)))).fill(
    Buffer.from([0xf8, 0xff, 0xfe]),
  )
  const head = Buffer.from([...Buffer.from('OpusHead'), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])
  const tags = Buffer.concat([Buffer.from('OpusTags'), lengthed('dialgraph'), uint32(1), lengthed(`TITLE=${title}`)])
  return Buffer.concat([
    oggPage([head], 0, 0, 2),
    oggPage([tags], 1, 0, 0),
    oggPage(packets, 2, packets.length * 960, 4),
  ])
}

/** An ID3v2.3 tag with the title. */
function id3(title: string): Buffer {
  const text = Buffer.concat([Buffer.from([0]), Buffer.from(title, 'latin1')])
  const frame = Buffer.concat([Buffer.from('TIT2'), bigEndian(text.length), Buffer.from([0, 0]), text])
  const size = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 0x7f)
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([3, 0, 0, ...size]), frame])
}

/** One page of an Ogg stream, RFC 3533 section 6. */
function oggPage(packets: readonly Buffer[], sequence: number, granule: number, flags: number): Buffer {
  const sizes = packets.map(({ length }) => length)
  const header = Buffer.alloc(27)
  header.write('OggS')
  header[5] = flags
  header.writeBigUInt64LE(BigInt(granule), 6)
  header.writeUInt32LE(0x0d1a, 14)
  header.writeUInt32LE(sequence, 18)
  header[26] = sizes.length
  const page = Buffer.concat([header, Buffer.from(sizes), ...packets])
  page.writeUInt32LE(oggChecksum(page), 22)
  return page
}

/** CRC-32 with Ogg's polynomial, neither reflected nor inverted. */
function oggChecksum(bytes: Buffer): number {
  let checksum = 0
  for (const byte of bytes) {
    checksum ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) checksum = checksum & 0x80000000 ? (checksum << 1) ^ 0x04c11db7 : checksum << 1
  }
  return checksum >>> 0
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const lengthed = (text: string) => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)])
