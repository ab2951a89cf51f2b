import { LinkDisposition } from '../../model/signed-link.js'

/** The only media types a recording is served as. */
export type AudioType = 'audio/ogg' | 'audio/mpeg' | 'audio/wav' | 'audio/x-wav' | typeof UNKNOWN_TYPE

export const UNKNOWN_TYPE = 'application/octet-stream'

const EXTENSIONS: Readonly<Record<AudioType, string>> = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  [UNKNOWN_TYPE]: 'bin',
}
const KNOWN_EXTENSION = /\.(ogg|oga|opus|mp3|wav)$/i

/** Bytes that the longest signature below needs. */
const SIGNATURE_BYTES = 12
const LONGEST_NAME = 100

/**
 * The media type a recording is served as: by its first bytes; without them (a range from the
 * middle, or one too short) the type the provider declares, if it is one of ours. Anything else is
 * `application/octet-stream`, which no browser plays.
 */
export function audioType(beginning: Buffer | null, declared: string | undefined): AudioType {
  if (beginning && beginning.length >= SIGNATURE_BYTES) return typeBySignature(beginning) ?? UNKNOWN_TYPE
  const type = (declared ?? '').split(';', 1)[0]!.trim().toLowerCase()
  return Object.hasOwn(EXTENSIONS, type) ? (type as AudioType) : UNKNOWN_TYPE
}

/** WHATWG MIME Sniffing §6.2, "matching an audio or video type pattern". */
function typeBySignature(bytes: Buffer): AudioType | null {
  if (bytes.toString('latin1', 0, 5) === 'OggS\0') return 'audio/ogg'
  if (bytes.toString('latin1', 0, 3) === 'ID3' || isMpegFrame(bytes)) return 'audio/mpeg'
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE') return 'audio/wav'
  return null
}

/**
 * An MPEG audio frame header, ISO/IEC 11172-3 §2.4.1.3: eleven set bits, then a valid version,
 * layer, bit rate and sampling rate.
 */
function isMpegFrame(bytes: Buffer): boolean {
  const [sync = 0, kind = 0, rates = 0] = bytes
  const isValid = ((kind >> 3) & 3) !== 1 && ((kind >> 1) & 3) !== 0 && rates >> 4 !== 15 && ((rates >> 2) & 3) !== 3
  return sync === 0xff && kind >> 5 === 7 && isValid
}

/**
 * RFC 6266. The file name keeps only characters safe in file systems and headers; its extension
 * follows the served type.
 */
export function contentDisposition(nativeName: string, type: AudioType, disposition: LinkDisposition): string {
  const how = disposition === LinkDisposition.INLINE && type !== UNKNOWN_TYPE ? 'inline' : 'attachment'
  const name = nativeName
    .replace(KNOWN_EXTENSION, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._-]+/, '')
    .slice(0, LONGEST_NAME)
  return `${how}; filename="${name || 'recording'}.${EXTENSIONS[type]}"`
}
