/** The two protocols, and the later fixes of the second. */
export type Profile = '16' | '17' | '17fixed'

/**
 * What differs from host to host; the defaults are those of a plain installation. Passed as `knobs`
 * when the emulator starts.
 */
export interface FreepbxKnobs {
  /** Which releases answer: `16` (15 is alike), `17`, or `17fixed` with later repairs. */
  readonly profile: Profile
  /** IANA zone of the switchboard. Null: that of the office. */
  readonly timeZone: string | null
  /** Whether REST answers. Null: as the profile has it, which is not at all in `17`. */
  readonly rest: 'works' | 'broken' | null
  /** What the application may ask for; null: everything. */
  readonly allowedScopes: readonly string[] | null
  /** Modules that are not installed: their fields and scopes do not exist. */
  readonly missingModules: readonly string[]
  /** Whether the manager interface answers; without it the `user` of each extension fails. */
  readonly managerInterface: boolean
  /** What becomes of a reload: `stuck` stays at `Processing` for ever. */
  readonly reload: 'done' | 'failed' | 'stuck'
  /** How often a reload is `Processing` before it is `Executed`. */
  readonly reloadPolls: number
  /** Milliseconds that each answer takes. */
  readonly latencyMs: number
  /** Whether what the web interface of 17 offers is used: a ring group with the strategy `random`. */
  readonly randomStrategy: boolean
  /** Whether the table has a row for any number, one for a pattern, and a second one for a caller. */
  readonly unusualRoutes: boolean
  /** The driver of new extensions fails after the old one was deleted. */
  readonly driverFails: boolean
  /** A list of members as other tools leave it in the table, for the first ring group. */
  readonly groupList: string | null
}

export const DEFAULT_KNOBS: FreepbxKnobs = {
  profile: '16',
  timeZone: null,
  rest: null,
  allowedScopes: null,
  missingModules: [],
  managerInterface: true,
  reload: 'done',
  reloadPolls: 1,
  latencyMs: 0,
  randomStrategy: true,
  unusualRoutes: true,
  driverFails: false,
  groupList: null,
}

/** 17 and what was repaired in it speak the same protocol. */
export const isSeventeen = ({ profile }: FreepbxKnobs): boolean => profile !== '16'
