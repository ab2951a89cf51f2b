/** What the stub answers, as far as the peers read it. */
export interface WireMe {
  readonly pbx: { readonly name: string; readonly state: string; readonly package: string }
}

export interface WireDid {
  readonly id: number
  readonly number: string
  readonly state: string
  readonly destination_type: 'Extension' | 'Group'
  readonly destination_id: number
  readonly working_hour: boolean
  readonly working_hours?: Readonly<Record<string, WireDay>>
}

export interface WireDay {
  readonly open: boolean
  readonly shift_start: string
  readonly shift_finish: string
  readonly lunch_break_start?: string
  readonly lunch_break_finish?: string
}

export interface WireExtension {
  readonly id: number
  readonly number: number
  readonly caller_name: string
}

export interface WireGroup {
  readonly id: number
  readonly name: string
}

export interface WireCall {
  readonly uuid: string
  readonly bf_calltype: string
  readonly direction: 'IN' | 'OUT'
  readonly caller: number
  readonly callee: number
  readonly call_time: string
  readonly answer_time: string | null
  readonly hangup_time: string | null
  readonly missing_call: boolean
  readonly call_price?: string | null
  readonly hangup_cause: string
  readonly hangup_state: string | null
}

export interface WireCalls {
  readonly cdrs: readonly WireCall[]
  readonly pagination: { readonly total_count: number }
}
