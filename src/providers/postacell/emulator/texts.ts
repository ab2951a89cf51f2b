import type { PostacellKnobs } from './knobs.js'

export type Language = 'en' | 'tr'

/**
 * The API's texts in the languages a server may have. Only status and `code` matter to a client.
 */
export interface Texts {
  readonly noAccount: string
  readonly notProvided: string
  readonly badHeader: string
  readonly userNotFound: string
  readonly userInactive: string
  readonly passwordChanged: string
  readonly tokenNotValid: string
  readonly tokenInvalidOrExpired: string
  readonly tokenExpired: string
  readonly tokenInvalid: string
  readonly tokenWrongType: string
  readonly tokenBlacklisted: string
  readonly required: string
  readonly blank: string
  readonly null: string
  readonly notText: string
  readonly notFound: string
  readonly invalidPage: string
  readonly notAcceptable: string
  readonly method: (method: string) => string
  readonly mediaType: (type: string) => string
  readonly throttled: (seconds: number) => string
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    noAccount: 'No active account found with the given credentials',
    notProvided: 'Authentication credentials were not provided.',
    badHeader: 'Authorization header must contain two space-delimited values',
    userNotFound: 'User not found',
    userInactive: 'User is inactive',
    passwordChanged: "The user's password has been changed.",
    tokenNotValid: 'Given token not valid for any token type',
    tokenInvalidOrExpired: 'Token is invalid or expired',
    tokenExpired: 'Token is expired',
    tokenInvalid: 'Token is invalid',
    tokenWrongType: 'Token has wrong type',
    tokenBlacklisted: 'Token is blacklisted',
    required: 'This field is required.',
    blank: 'This field may not be blank.',
    null: 'This field may not be null.',
    notText: 'Not a valid string.',
    notFound: 'Not found.',
    invalidPage: 'Invalid page.',
    notAcceptable: 'Could not satisfy the request Accept header.',
    method: (method) => `Method "${method}" not allowed.`,
    mediaType: (type) => `Unsupported media type "${type}" in request.`,
    throttled: (seconds) =>
      `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`,
  },
  tr: {
    noAccount: 'Bu bilgilerle etkin bir hesap bulunamadı',
    notProvided: 'Giriş bilgileri verilmedi.',
    badHeader: 'Yetkilendirme başlığı boşlukla ayrılmış iki değer içermelidir',
    userNotFound: 'Kullanıcı bulunamadı',
    userInactive: 'Kullanıcı etkin değil',
    passwordChanged: 'Kullanıcının parolası değiştirildi.',
    tokenNotValid: 'Verilen belirteç hiçbir belirteç türü için geçerli değil',
    tokenInvalidOrExpired: 'Belirteç geçersiz veya süresi dolmuş',
    tokenExpired: 'Belirtecin süresi dolmuş',
    tokenInvalid: 'Belirteç geçersiz',
    tokenWrongType: 'Belirtecin türü yanlış',
    tokenBlacklisted: 'Belirteç kara listede',
    required: 'Bu alan zorunlu.',
    blank: 'Bu alan boş bırakılamaz.',
    null: 'Bu alan boş değer olamaz.',
    notText: 'Geçerli bir metin değil.',
    notFound: 'Bulunamadı.',
    invalidPage: 'Geçersiz sayfa.',
    notAcceptable: 'Accept başlığı karşılanamadı.',
    method: (method) => `"${method}" metoduna izin verilmiyor.`,
    mediaType: (type) => `İstekte desteklenmeyen medya tipi: "${type}".`,
    throttled: (seconds) => `Çok fazla istek yapıldı. ${seconds} saniye içinde yeniden deneyin.`,
  },
}

/** The language of a response: the server's own, or the first known one of Accept-Language. */
export function languageOf(knobs: PostacellKnobs, acceptLanguage: string | undefined): Language {
  if (knobs.language !== 'negotiated') return knobs.language
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
  return wanted.find(({ language }) => language === 'tr' || language === 'en')?.language === 'tr' ? 'tr' : 'en'
}
