import type { AutoAttendant } from '../model/auto-attendant.js'
import type { Did } from '../model/did.js'
import type { Extension, ForwardingCondition } from '../model/extension.js'
import type { Group } from '../model/group.js'
import type { CurrentCall } from './live.js'

/** What keeps a write from being sent, or what a refusal of the provider means. */
export type WriteProblemCode = 'INVALID' | 'TAKEN' | 'NOT_FOUND' | 'CAPABILITY_UNSUPPORTED' | 'CONFLICT'

/** One problem of an input, for the caller to mend. */
export interface WriteProblem {
  readonly code: WriteProblemCode
  /** Path within the input; null for the write as a whole. */
  readonly field: readonly string[] | null
  readonly message: string
}

/** An object that an input names by its id. */
export type NamedObject = Extension | Group | Did | AutoAttendant

/** Every object an input names, by the global id it is named by; all belong to the account written to. */
export type NamedObjects = ReadonlyMap<string, NamedObject>

/** A target is exactly one of the four. */
export interface ForwardingInput {
  readonly condition: `${ForwardingCondition}`
  readonly extensionId?: string | null
  readonly groupId?: string | null
  readonly autoAttendantId?: string | null
  /** E.164. */
  readonly externalNumber?: string | null
}

/** Fields of an extension. Absent: not said, so not changed; null: to be cleared. */
export interface ExtensionInput {
  readonly number?: string | null
  readonly displayName?: string | null
  readonly email?: string | null
  readonly callerIdDidId?: string | null
  readonly voicemailEnabled?: boolean | null
  readonly forwarding?: readonly ForwardingInput[] | null
  readonly callPermissions?: readonly string[] | null
}

/** A call to be placed, from exactly one of the three. */
export interface OriginateInput {
  readonly fromExtensionId?: string | null
  readonly fromGroupId?: string | null
  readonly fromAutoAttendantId?: string | null
  /** E.164. */
  readonly to: string
  readonly callerIdDidId?: string | null
  readonly ringTimeoutSeconds?: number | null
}

/** Where a call is moved to: exactly one of the three. */
export interface TransferInput {
  readonly toExtensionId?: string | null
  readonly toGroupId?: string | null
  /** E.164. */
  readonly toNumber?: string | null
}

/** What a write made. */
export interface WriteResult {
  /** Of a call that was placed: the provider's id of it; null where the provider does not say. */
  readonly callId?: string | null
  /** Where it was saved and is not in force yet: what a person should know. Not a failure. */
  readonly notYet?: string | null
}

/** An input whose objects have been found. */
export interface ReadyInput<Input> {
  readonly input: Input
  readonly named: NamedObjects
}

/**
 * One kind of write at a provider. `Input`: as the caller says it; `Ready`: with all that had to be
 * read for it.
 */
export interface ProviderWrite<Input, Ready> {
  /**
   * Nouns (`Freshness.noun`) of what was read before and may not be so after it; absent: all. What
   * `send` gives `Rest.write`.
   */
  readonly affects?: readonly string[]
  /** What is wrong with an input, as far as that can be told without a request: all of it. */
  mistakes?(input: Input): readonly WriteProblem[]
  /** What keeps it from being sent, as far as the provider's present state tells. Only reads. */
  check?(ready: Ready): Promise<readonly WriteProblem[]>
  /**
   * Sends it: one request, with what was said and nothing else.
   *
   * @throws OutcomeUnknown and ProviderError as `Rest.write` does.
   */
  send(ready: Ready): Promise<WriteResult>
  /**
   * Looks whether it has been done, because the answer was lost; null where it cannot be seen, which
   * does not mean that it was not done. Absent: the provider does not let one look.
   */
  look?(ready: Ready): Promise<WriteResult | null>
}

/** Writes of extensions; absent: the provider does not have it. */
export interface ExtensionWrites {
  readonly create?: ProviderWrite<ExtensionInput, ReadyInput<ExtensionInput>>
  readonly update?: ProviderWrite<ExtensionInput, ReadyInput<ExtensionInput> & { readonly extension: Extension }>
  readonly delete?: ProviderWrite<object, { readonly extension: Extension }>
}

/** Writes of calls; absent: the provider does not have it. */
export interface CallWrites {
  readonly originate?: ProviderWrite<OriginateInput, ReadyInput<OriginateInput>>
  readonly transfer?: ProviderWrite<TransferInput, ReadyInput<TransferInput> & { readonly call: CurrentCall }>
  readonly hangUp?: ProviderWrite<object, { readonly call: CurrentCall }>
}

/** All that can be changed at a provider. */
export interface Writes {
  /** What the parsed body of a refusal says, for a person; null where it says nothing. */
  said(answer: unknown): string | null
  readonly extensions?: ExtensionWrites
  readonly calls?: CallWrites
}
