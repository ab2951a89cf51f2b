import type { OfficeName } from '../story.js'

export interface OfficeSize {
  readonly dids: number
  readonly extensions: number
  readonly groups: number
  readonly menus: number
  readonly calls: number
}

/** How many of each thing there are. */
export interface Size {
  readonly offices: Readonly<Record<OfficeName, OfficeSize>>
  /** Calls between İzmir and Prague; each is a call in both offices' logs. */
  readonly callsBetween: number
  readonly contactLists: number
}

const whole: Readonly<Record<OfficeName, OfficeSize>> = {
  izmir: { dids: 24, extensions: 120, groups: 12, menus: 4, calls: 12_000 },
  prague: { dids: 16, extensions: 80, groups: 8, menus: 3, calls: 8_000 },
  ankara: { dids: 12, extensions: 30, groups: 6, menus: 2, calls: 2_500 },
}

/** At any scale, every kind of destination, group and call occurs. */
const least: OfficeSize = { dids: 6, extensions: 8, groups: 3, menus: 2, calls: 60 }

/** Sizes at a scale: 1 is the whole company, 0.05 a small one. */
export function sizesAt(scale: number): Size {
  const scaled = (full: number, atLeast: number) => Math.max(atLeast, Math.round(full * scale))
  const office = (name: OfficeName): OfficeSize => ({
    dids: scaled(whole[name].dids, least.dids),
    extensions: scaled(whole[name].extensions, least.extensions),
    groups: scaled(whole[name].groups, least.groups),
    menus: scaled(whole[name].menus, least.menus),
    calls: scaled(whole[name].calls, least.calls),
  })
  const offices = { izmir: office('izmir'), prague: office('prague'), ankara: office('ankara') }
  return {
    offices,
    callsBetween: Math.max(4, Math.round(offices.prague.calls * 0.03)),
    contactLists: scaled(47, 3),
  }
}
