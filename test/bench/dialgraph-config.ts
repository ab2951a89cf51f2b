import { labelOf } from './offices.js'
import type { Workload } from './workloads.js'

export interface DialgraphSettings {
  /** `http://127.0.0.1:port` of the stub. */
  readonly stubUrl: string
  /** Merged over what every run has. */
  readonly limits?: Readonly<Record<string, number | boolean | object>>
  readonly store?: object
}

/** A configuration file for the offices of a workload: everything on, and as it is by default but for the limits that would stop a bench. */
export function dialgraphConfig(
  { offices, callers, workspaceOf }: Workload,
  { stubUrl, limits = {}, store = { url: 'memory:' } }: DialgraphSettings,
): object {
  return {
    server: { port: 0 },
    store,
    callers: {
      apiKeys: callers.map(({ name, key, workspace }) => ({ name, key, workspace, scopes: ['telephony:read'] })),
    },
    accounts: offices.map((office) => ({
      id: office.key,
      provider: 'bulutfon',
      label: labelOf(office),
      workspace: workspaceOf(office),
      urls: {
        api: `${stubUrl}/${office.key}`,
        authorize: `${stubUrl}/oauth/authorize`,
        token: `${stubUrl}/oauth/token`,
      },
      auth: {
        flow: 'authorization_code',
        clientId: 'bench',
        clientSecret: 'secret-of-the-bench',
        refreshToken: `refresh-token-of-${office.key}`,
      },
      options: { pageSize: 1_000 },
    })),
    limits: { ...RAISED, ...limits },
  }
}

/** A caller of the bench is as quick as a thousand people, and asks in one question what people ask in many. */
const RAISED = {
  requestsPerSecond: 1_000_000,
  requestBurst: 1_000_000,
  pageSize: 1_000,
  providerRequestsPerOperation: 1_000,
  providerConcurrency: 256,
  originConnections: 256,
  originQueue: 100_000,
}

/** Nothing is kept from one operation to the next, so that it is execution that is compared. */
export const WITHOUT_CACHE = { cacheBytes: 0 }
