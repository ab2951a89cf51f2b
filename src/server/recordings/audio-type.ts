import { LinkDisposition } from '../../model/signed-link.js'

export const UNKNOWN_TYPE = 'application/octet-stream'

/** The only media types a recording is served as, and the ending of its file. */
const ENDINGS = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/amr': 'amr',
  'audio/basic': 'au',
  [UNKNOWN_TYPE]: 'bin',
} as const
export type AudioType = keyof typeof ENDINGS

/** Other names of these types; a film of a call is its sound here. */
const ALIASES: Readonly<Record<string, AudioType>> = {
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'audio/mp3': 'audio/mpeg',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'video/webm': 'audio/webm',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'video/mp4': 'audio/mp4',
  'audio/aacp': 'audio/aac',
  'audio/x-flac': 'audio/flac',
}
const KNOWN_ENDING = /\.(ogg|oga|opus|mp3|wav|webm|m4a|mp4|aac|flac|amr|au)$/i
/** Sound without a header: only the name says how to play it, so the name keeps it. */
const BARE_SOUND = /\.(ulaw|alaw|pcmu|pcma|ul|al|gsm|g722|g729|sln\d*|slin\d*|raw|pcm)$/i

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
  if (Object.hasOwn(ALIASES, type)) return ALIASES[type]!
  return Object.hasOwn(ENDINGS, type) ? (type as AudioType) : UNKNOWN_TYPE
}

/** WHATWG MIME Sniffing §6.2, "matching an audio or video type pattern", and the formats' own pages. */
function typeBySignature(bytes: Buffer): AudioType | null {
  const text = bytes.toString('latin1', 0, SIGNATURE_BYTES)
  if (text.startsWith('OggS\0')) return 'audio/ogg'
  if (text.startsWith('ID3') || isMpegFrame(bytes)) return 'audio/mpeg'
  if (/^(RIFF|RF64|RIFX)/.test(text) && text.endsWith('WAVE')) return 'audio/wav'
  if (text.startsWith('\x1aE\xdf\xa3')) return 'audio/webm'
  if (text.slice(4, 8) === 'ftyp' && SOUND_BRAND.test(text.slice(8))) return 'audio/mp4'
  if (text.startsWith('fLaC')) return 'audio/flac'
  if (text.startsWith('#!AMR')) return 'audio/amr'
  if (text.startsWith('.snd')) return 'audio/basic'
  // ADTS, ISO/IEC 13818-7 §6.2: twelve set bits, and a layer of 0, which no MPEG frame has.
  return bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0 ? 'audio/aac' : null
}

/** Major brands of ISO/IEC 14496-12 that may hold sound; others are pictures. */
const SOUND_BRAND = /^(M4[AB] |mp4[12]|iso\w|dash|msdh|3g[p2]\w|qt {2})/

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
  const bare = type === UNKNOWN_TYPE ? BARE_SOUND.exec(nativeName)?.[1] : undefined
  const name = nativeName
    .replace(bare === undefined ? KNOWN_ENDING : BARE_SOUND, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._-]+/, '')
    .slice(0, LONGEST_NAME)
  return `${how}; filename="${name || 'recording'}.${bare?.toLowerCase() ?? ENDINGS[type]}"`
}
