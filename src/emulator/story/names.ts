import type { OfficeName } from '../story.js'

export interface Names {
  readonly women: readonly string[]
  readonly men: readonly string[]
  /** Family names in their feminine and masculine form. */
  readonly families: readonly (readonly [woman: string, man: string])[]
}

const same = (...families: string[]) => families.map((family) => [family, family] as const)

const turkish: Names = {
  women: ['Ayşe', 'Elif', 'Zeynep', 'Gülşen', 'Işıl', 'Çiğdem', 'Özlem', 'İpek', 'Şule', 'Nazlı', 'Ebru', 'Tuğba'],
  men: ['Deniz', 'Çağrı', 'Oğuz', 'İlker', 'Şükrü', 'Barış', 'Ümit', 'Doğan', 'Kağan', 'Yiğit', 'Emre', 'Cüneyt'],
  families: same(
    ...['Kaya', 'Yıldız', 'Öztürk', 'Şahin', 'Aydın', 'Çelik', 'Doğan', 'Kılıç', 'Aslan', 'Güneş', 'Işık', 'Özdemir'],
    ...['Erdoğdu', 'Yılmaz', 'Şimşek', 'Tunç', 'Bozdağ', 'İnci', 'Uğurlu', 'Sönmez'],
  ),
}

const czech: Names = {
  women: ['Jana', 'Lucie', 'Kateřina', 'Věra', 'Markéta', 'Růžena', 'Alžběta', 'Žaneta', 'Eliška', 'Šárka'],
  men: ['Jiří', 'Tomáš', 'Ondřej', 'Luděk', 'Matěj', 'Zdeněk', 'Vojtěch', 'Kryštof', 'Řehoř', 'Miloš'],
  families: [
    ['Nováková', 'Novák'],
    ['Dvořáková', 'Dvořák'],
    ['Růžičková', 'Růžička'],
    ['Němcová', 'Němec'],
    ['Kučerová', 'Kučera'],
    ['Bartůňková', 'Bartůněk'],
    ['Říhová', 'Říha'],
    ['Šťastná', 'Šťastný'],
    ['Žáčková', 'Žáček'],
    ['Hůlková', 'Hůlka'],
    ['Čermáková', 'Čermák'],
    ['Křížová', 'Kříž'],
    ['Ďurišová', 'Ďuriš'],
    ['Veselá', 'Veselý'],
  ],
}

export const names: Readonly<Record<OfficeName, Names>> = { izmir: turkish, prague: czech, ankara: turkish }

/** The ASCII letters of a name, for its e-mail address. */
export const plainLetters = (text: string): string =>
  text
    .replace(/ı/g, 'i')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
