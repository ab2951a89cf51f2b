import { Counter, type Registry } from 'prom-client'

type Labels<Label extends string> = Partial<Record<Label, string | number>>

interface TallySettings<Label extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
  readonly registers: Registry[]
}

/** Takes the values of the labels, in their order. */
interface Tally {
  (...values: readonly (string | number)[]): void
  add(count: number, ...values: readonly (string | number)[]): void
}

/**
 * A counter for hot paths: counting is one map look-up, and labels are built only when Prometheus
 * scrapes.
 */
export function tally<Label extends string>({ name, help, labelNames, registers }: TallySettings<Label>): Tally {
  const counts = new Map<string, { readonly labels: Labels<Label>; count: number }>()
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { labels, count } of counts.values()) this.inc(labels, count)
    },
  })
  const add: Tally['add'] = (count, ...values) => {
    const key = values.join()
    const entry = counts.get(key)
    if (entry) entry.count += count
    else counts.set(key, { labels: labelled(labelNames, values), count })
  }
  return Object.assign((...values: readonly (string | number)[]) => add(1, ...values), { add })
}

const labelled = <Label extends string>(names: readonly Label[], values: readonly (string | number)[]): Labels<Label> =>
  Object.fromEntries(names.map((name, at) => [name, values[at]])) as Labels<Label>
