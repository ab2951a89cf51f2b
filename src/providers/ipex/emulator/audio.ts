import { oggPage } from '../../../emulator/ogg.js'

const SERIAL = 0x0d1a

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
    oggPage({ serial: SERIAL, sequence: 0, granule: 0, flags: 2, packets: [head] }),
    oggPage({ serial: SERIAL, sequence: 1, granule: 0, flags: 0, packets: [tags] }),
    oggPage({ serial: SERIAL, sequence: 2, granule: packets.length * 960, flags: 4, packets }),
  ])
}

/** An ID3v2.3 tag with the title. */
function id3(title: string): Buffer {
  const text = Buffer.concat([Buffer.from([0]), Buffer.from(title, 'latin1')])
  const frame = Buffer.concat([Buffer.from('TIT2'), bigEndian(text.length), Buffer.from([0, 0]), text])
  const size = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 0x7f)
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([3, 0, 0, ...size]), frame])
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
