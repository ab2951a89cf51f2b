import type { EmulatedAccount, Emulator, EmulatorFactory } from '../../../emulator/emulator.js'
import type { CallHistory } from '../../../emulator/history/history.js'
import type { LiveOffice } from '../../../emulator/live/live.js'
import { readKnobs } from '../../../emulator/knobs.js'
import { serve, type Route } from '../../../emulator/serve.js'
import type { Office, StoryCall } from '../../../emulator/story.js'
import { createStory } from '../../../emulator/create-story.js'
import { createAccesses, type Accesses, type AccessName } from './accesses.js'
import { accountOf } from './bearer.js'
import { boom } from './boom.js'
import { createCallLog, type EmulatedCallLog } from './call-log.js'
import { calls } from './calls.js'
import { directory } from './directory.js'
import { createHistory } from './history.js'
import { identity } from './identity.js'
import { DEFAULT_KNOBS, type IpexWebhook } from './knobs.js'
import { liveCalls } from './live-calls.js'
import { liveOffices, type LiveOffices } from './live-offices.js'
import { neighbourOffice } from './neighbour.js'
import { olderLogins } from './older-logins.js'
import { createProfiles, type Profiles } from './profiles.js'
import { recordings } from './recordings.js'
import { reports } from './reports.js'
import { createGuard, refusable } from './resource.js'
import { createSessions } from './sessions.js'
import type { AgentEvent } from './webhooks.js'
import { createSwitchboard, type Switchboard } from './switchboard.js'
import { completeCall } from './added-call.js'
import { tokenEndpoint } from './token-endpoint.js'
import { tokenExchange } from './token-exchange.js'
import { callWrites } from './writes/call-writes.js'
import { profileWrites } from './writes/profile-writes.js'

/** The controls that only this emulator has. */
export interface IpexEmulator extends Emulator {
  readonly accounts: Readonly<Record<IpexAccountName, EmulatedAccount>>
  /** Everything that must never be shown: passwords, and all tokens issued. */
  secrets(): readonly string[]
  /** Revokes every access token; refresh tokens stay valid. */
  revokeAccessTokens(): void
  /** Lets every access token expire now, whatever its `exp`. */
  expireAccessTokens(): void
  /** Revokes every refresh token; access tokens stay valid. */
  revokeRefreshTokens(): void
  /** Ends all sessions: revokes access and refresh tokens. */
  endSessions(): void
  /** Changes the password of the next login; sessions stay valid. */
  changePassword(access?: AccessName, password?: string): void
  /** The access must first be set up by a person: the right password gets 400 until `reset`. */
  requireAction(access?: AccessName): void
  /** Forbids to impersonate this user, and ends such sessions. */
  revokeImpersonation(email: string): void
  /** Adds a call, completed by `completeCall`; returns its `linkedid`. */
  addCall(told?: Partial<StoryCall>, access?: AccessName): { readonly linkedid: string }
  /** The company's call log, as what happens to it later changes it. */
  readonly history: CallHistory
  /** The company's calls under way. */
  readonly live: LiveOffice<IpexWebhook>
  /** The same of the other company. */
  readonly otherLive: LiveOffice<IpexWebhook>
  /** Posts that an agent came, went or paused; `line`: the first agent's by default. */
  agentEvent(name: AgentEvent, line?: string): Promise<void>
}

export type IpexAccountName = 'password' | 'impersonating' | 'sso' | 'b2b' | 'noImpersonation' | 'other'

/**
 * Starts IPEX on a free port: token server, IPBX API and central REST API, each with a path prefix.
 */
export const startIpexEmulator: EmulatorFactory<IpexEmulator> = async (options = {}) => {
  const knobs = readKnobs('ipex', DEFAULT_KNOBS, options.knobs)
  const story = createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() })
  const ours = createSwitchboard(71, story.offices.prague)
  const neighbour = createSwitchboard(72, neighbourOffice(story.now))
  const logs = new Map(
    [ours, neighbour].map((board): [Switchboard, EmulatedCallLog] => [board, createCallLog(board, knobs)]),
  )
  const logOf = (board: Switchboard) => logs.get(board) as EmulatedCallLog
  const profiles = new Map([ours, neighbour].map((board): [Switchboard, Profiles] => [board, createProfiles(board)]))
  const profilesOf = (board: Switchboard) => profiles.get(board) as Profiles

  const now = () => served.clock.now()
  const living = (): LiveOffices => live
  const history = createHistory({ ours, logs, knobs, now })
  const accesses = createAccesses(ours, neighbour)
  const sessions = createSessions(knobs, now)
  const guard = createGuard(sessions, knobs, now)
  const routes: readonly Route[] = [
    tokenEndpoint(accesses, sessions, knobs),
    tokenExchange(accesses, sessions, knobs),
    ...olderLogins(accesses, sessions, knobs, now),
    ...[
      directory(knobs, profilesOf),
      liveCalls(logOf, (board) => living().channelsOf(board), knobs),
      calls(logOf, knobs, (board) => history.served(board)),
      recordings(logOf),
      reports(logOf),
      callWrites(living, knobs),
      profileWrites(profilesOf),
    ]
      .flat()
      .map((resource) => guard.route('/ipbxapi', resource)),
    ...identity(knobs).map((resource) => guard.route('/restapi', resource)),
  ]
  const served = await serve({
    routes: routes.map(refusable),
    tokenPaths: /^\/auth\/token(-exchange)?$|^\/restapi\/v1\/(sso\/(login|refresh)|token)$/,
    accountOf: (request) => accountOf(request, sessions),
    notFound: () => boom(404, 'Not Found'),
    onClockMove() {
      living().run()
      history.expire()
    },
    options,
  })
  const live = liveOffices({ ours, neighbour, logOf, knobs, clock: served.clock, seed: options.seed ?? 1 })

  let added = 0
  history.expire()
  return {
    url: served.url,
    journal: served.journal,
    faults: served.faults,
    clock: served.clock,
    async close() {
      live.reset()
      await served.close()
    },
    history,
    live: live.of(ours),
    otherLive: live.of(neighbour),
    agentEvent: live.agentEvent,
    accounts: accountsAt(served.url, accesses, story.offices.prague),
    conformance: {
      account: 'password',
      other: 'other',
      renewable: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
      revoked: { password: 1, impersonating: 1, sso: 1, b2b: 1 },
      unknownCall: '1.1',
      writes: { update: () => ({ forwarding: [{ condition: 'ALWAYS', externalNumber: '+420222333444' }] }) },
    },
    sandbox: { linked: { password: 'prague' } },
    secrets: () => [...accesses.passwords(), ...sessions.issued()],
    revokeAccessTokens: sessions.revokeAccessTokens,
    expireAccessTokens: sessions.expireAccessTokens,
    revokeRefreshTokens: sessions.revokeRefreshTokens,
    endSessions: () => sessions.end(),
    changePassword: (access = 'company', password = 'Nove-heslo-2') => accesses.changePassword(access, password),
    requireAction: (access = 'company') => accesses.requireAction(access),
    revokeImpersonation(email) {
      const user = ours.users.find((candidate) => candidate.email === email || candidate.login === email)
      if (!user) throw new Error(`The IPEX emulator has no user ${email}`)
      accesses.revokeImpersonation(user.id)
      sessions.end((session) => session.user === user)
    },
    addCall(told = {}, access = 'company') {
      const { switchboard } = accesses.named(access)
      added += 1
      return { linkedid: logOf(switchboard).add(completeCall(told, 1_000_000 + added, switchboard, now())).linkedid }
    },
    reset() {
      served.reset()
      sessions.clear()
      accesses.reset()
      guard.reset()
      live.reset()
      for (const { reset } of [...logs.values(), ...profiles.values()]) reset()
      history.reset()
      added = 0
    },
  }
}

/** One account for each way to log in. */
function accountsAt(url: string, accesses: Accesses, office: Office): Record<IpexAccountName, EmulatedAccount> {
  const urls = { api: `${url}/ipbxapi`, auth: `${url}/auth`, rest: `${url}/restapi` }
  const account = (label: string, auth: EmulatedAccount['auth']): EmulatedAccount => ({
    label,
    provider: 'ipex',
    country: office.country,
    timeZone: office.timeZone,
    urls,
    auth,
  })
  const [company, plain, other] = [
    accesses.named('company'),
    accesses.named('noImpersonation'),
    accesses.named('other'),
  ]
  const password = ({ username, password: secret }: typeof company) => ({
    flow: 'password',
    username,
    password: secret,
  })
  const impersonate = office.extensions.find(({ person }) => person)?.person?.email
  return {
    password: account(office.label, password(company)),
    impersonating: account(`${office.label}, as one user`, { ...password(company), impersonate }),
    sso: account(`${office.label}, older login`, { flow: 'sso', email: company.username, password: company.password }),
    b2b: account(`${office.label}, wholesale login`, { ...password(company), flow: 'b2b' }),
    noImpersonation: account(`${office.label}, call log only`, { ...password(plain), impersonate }),
    other: account('Lodě Vorlík', password(other)),
  }
}
