import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max'
import { z } from 'zod'

import { SCOPES } from '../../graphql/scope.js'
import type { Provider } from '../../providers/provider.js'
import { accountArchiveSchema, archiveSchema } from './archive.js'
import { BOUND_EXTENSION } from './bound-extension.js'
import { originProblem } from './cors.js'
import { limitsSchema } from './limits.js'
import { liveSchema } from './live.js'
import { proxyProblem } from './proxies.js'
import { postgresUrlProblem } from './store-url.js'

/** Names of workspaces and accounts appear in ids, cookies and paths. */
export const WORKSPACE = /^[a-z0-9-]{1,64}$/
const name = () => z.string().regex(WORKSPACE, 'must be 1 to 64 small letters, digits or hyphens')

const isTimeZone = (zone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

const isKey = (text: string): boolean => Buffer.from(text, 'base64').length === 32 && /^[A-Za-z0-9+/]{43}=$/.test(text)

/** A page's origin; each kind of mistake has a message of its own. */
const origin = z.string().check(({ value, issues }) => {
  const message = originProblem(value)
  if (message !== null) issues.push({ code: 'custom', message, input: value })
})

const cors = z
  .strictObject({
    origins: z
      .array(origin)
      .default([])
      .describe('Origins of the pages that may call and read, each as https://app.example.com. No wildcards.'),
    maxAgeSeconds: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .describe('For how long a browser may keep the answer to a preflight.'),
  })
  .prefault({})
  .describe('Pages of other origins. Our own, that of `publicUrl`, may always call.')

const server = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on. Anything but loopback requires `callers`.'),
    port: z.number().int().min(0).max(65_535).default(4_000).describe('Port to listen on; 0 means any free one.'),
    publicUrl: z
      .url({ protocol: /^https?$/, error: 'must be an absolute address such as https://phones.example.com' })
      .optional()
      .describe('Address under which people and providers reach this server; default http://host:port.'),
    trustProxy: z
      .union([z.literal(false), z.array(z.string().min(1)).min(1)], {
        error: 'must be false or a list of proxy addresses',
      })
      .default(false)
      .describe('Addresses of the proxies whose X-Forwarded headers are believed.'),
    explore: z
      .boolean()
      .optional()
      .describe('GraphiQL, introspection and field suggestions; default true, and false under NODE_ENV=production.'),
    console: z
      .boolean()
      .optional()
      .describe('The page for people, at /console; where it is not said, it is there when `explore` is true.'),
    federation: z
      .boolean()
      .default(false)
      .describe('Serve the graph as a subgraph of Apollo Federation 2.9; its schema is then shown to every caller.'),
    cors,
  })
  .prefault({})
  .describe('Where and how the server listens.')

const store = z
  .strictObject({
    url: z
      .string()
      .regex(/^(memory:$|sqlite:.+|postgres(ql)?:\/\/.+)/, 'must be memory:, sqlite:<file> or postgres://<address>')
      .check(({ value, issues }) => {
        const message = postgresUrlProblem(value)
        if (message !== null) issues.push({ code: 'custom', message, input: value })
      })
      .optional()
      .describe(
        'Where logins are kept: `memory:` keeps nothing, `sqlite:<file>` is one file (default `sqlite:./dialgraph.db`), `postgres://…` is for several replicas.',
      ),
    encryptionKeys: z
      .array(z.string().refine(isKey, 'must be 32 bytes in base64, for example from `openssl rand -base64 32`'))
      .min(1)
      .optional()
      .describe('32 bytes each, in base64; the first encrypts, all decrypt. Required unless the store is `memory:`.'),
  })
  .prefault({})
  .describe('Where logins are kept.')

/** A token as sent in `Authorization: Bearer`, RFC 6750 §2.1. */
const BEARER = /^[A-Za-z0-9._~+/-]+=*$/

const callers = z
  .strictObject({
    apiKeys: z
      .array(
        z.strictObject({
          name: z.string().min(1).describe('What `viewer.name` shows.'),
          key: z
            .string()
            .min(16, 'must have at least 16 characters')
            .regex(BEARER, 'must be letters, digits and . _ ~ + / - only')
            .describe('What the caller sends as `Authorization: Bearer <key>`; 16 characters or more.'),
          workspace: name().default('default').describe('Whose accounts the caller sees.'),
          scopes: z.array(z.enum(SCOPES)).min(1).describe('What the caller may do.'),
          extension: z
            .string()
            .regex(
              BOUND_EXTENSION,
              'must be the key of an account, a slash, and an internal number, as in istanbul/101',
            )
            .optional()
            .describe('The extension of the person who has the key, as <account key>/<number>.'),
        }),
      )
      .default([])
      .describe('Keys besides those made with `dialgraph keys create`.'),
    jwt: z
      .strictObject({
        issuer: z.string().min(1).describe('Claim `iss` of every token.'),
        audience: z.string().min(1).describe('What claim `aud` of every token has to hold.'),
        jwksUrl: z.url().describe('Where the login service publishes its keys (JWKS).'),
        workspaceClaim: z.string().min(1).describe('Claim that names the workspace of the caller.'),
        scopesClaim: z
          .string()
          .min(1)
          .default('scope')
          .describe('Claim with the scopes: words with spaces between them, or a list.'),
        extensionClaim: z
          .string()
          .min(1)
          .optional()
          .describe('Claim with the extension of the person, as <account key>/<number>.'),
      })
      .optional()
      .describe('Tokens of your own login service.'),
  })
  .optional()
  .describe('Who may query. Absent: loopback only, one implicit caller that may do everything.')

/** `callers` as it is read. */
export type ParsedCallers = NonNullable<z.output<typeof callers>>

const http = z
  .strictObject({
    proxy: z
      .union([z.literal(false), z.string()], { error: 'must be the address of a proxy, or false' })
      .check(({ value, issues }) => {
        const message = value === false ? null : proxyProblem(value)
        if (message !== null) issues.push({ code: 'custom', message, input: value })
      })
      .optional()
      .describe(
        'Proxy that requests to providers go through, as http://proxy.example.com:3128; false for none. Default: HTTP_PROXY and HTTPS_PROXY of the environment. NO_PROXY names hosts that are reached without it.',
      ),
  })
  .prefault({})
  .describe('The way out to the providers.')

const operations = z
  .strictObject({
    allowList: z
      .string()
      .min(1)
      .describe('Manifest of persisted documents: a JSON file of ids and texts, as code generators write it.'),
    only: z.boolean().default(true).describe('Answer the operations of the list and no others.'),
  })
  .optional()
  .describe('Operations that may be asked for by their ids. Absent: any operation may be asked.')

const accountKeys = {
  id: name().describe('Part of every global id, so it must stay.'),
  label: z.string().min(1).optional().describe('Name people know the account by; default its id.'),
  workspace: name().default('default').describe('A caller sees the accounts of its own workspace only.'),
  country: z
    .string()
    .refine(
      (code) => isSupportedCountry(code as CountryCode),
      'must be the two capital letters of a country, for example TR',
    )
    .optional()
    .describe('Country of numbers written without one; default per provider.'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone of the IANA list, for example Europe/Istanbul')
    .optional()
    .describe('Zone of times written without one; default per provider.'),
  allowInsecure: z
    .boolean()
    .default(false)
    .describe('Accept http: addresses that are not on this machine, and names that lead to private addresses.'),
  live: liveSchema.optional(),
  archive: accountArchiveSchema.optional(),
}

const accountDefaults = z
  .strictObject({ live: liveSchema.optional(), archive: archiveSchema.optional() })
  .prefault({})
  .describe('What every account has that does not state it itself; linked ones, too.')

/** The whole file; unknown keys are mistakes, in a provider's own settings, too. */
export function configSchema(providers: readonly Provider[]) {
  const accounts = providers.map((provider) =>
    provider.settings
      .safeExtend({ ...accountKeys, provider: z.literal(provider.slug).describe(`Account at ${provider.name}.`) })
      .strict(),
  )
  return z.strictObject({
    $schema: z.string().optional().describe('Address of this schema, for editors.'),
    providers: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Modules of providers besides the built-in ones: files relative to this one, as ./phones/index.js, or names of packages.',
      ),
    server,
    store,
    callers,
    http,
    operations,
    accountDefaults,
    accounts: z
      .array(z.discriminatedUnion('provider', accounts as [(typeof accounts)[number], ...typeof accounts]))
      .default([])
      .describe('The phone-system accounts behind the graph.'),
    limits: limitsSchema,
  })
}

/**
 * JSON Schema of the file, for editors. A number or a boolean may also be a `${NAME}` placeholder.
 */
export function configJsonSchema(providers: readonly Provider[]): Record<string, unknown> {
  const placeholder = { type: 'string', pattern: '^\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}$' }
  return {
    title: 'Dialgraph configuration',
    ...z.toJSONSchema(configSchema(providers), {
      target: 'draft-7',
      io: 'input',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        const { type } = zodSchema._zod.def
        if (type === 'boolean' || type === 'number') {
          const plain = { ...jsonSchema }
          for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key]
          jsonSchema.anyOf = [plain, placeholder] as never
        }
        // A placeholder would not match the pattern of the value that replaces it.
        if (type === 'string') {
          delete jsonSchema.pattern
          delete jsonSchema.format
        }
      },
    }),
  }
}
