import { Counter, type Registry } from 'prom-client'

type Labels<Label extends string> = Partial<Record<Label, string | number>>

interface TallySettings<Label extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
  readonly registers: Registry[]
}

/**
 * A counter for hot paths: counting is one map look-up, and labels are built only when Prometheus
 * scrapes. The function takes the values of the labels, in their order.
 */
export function tally<Label extends string>({
  name,
  help,
  labelNames,
  registers,
}: TallySettings<Label>): (...values: (string | number)[]) => void {
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
  return (...values) => {
    const key = values.join()
    const entry = counts.get(key)
    if (entry) entry.count += 1
    else counts.set(key, { labels: labelled(labelNames, values), count: 1 })
  }
}

const labelled = <Label extends string>(names: readonly Label[], values: readonly (string | number)[]): Labels<Label> =>
  Object.fromEntries(names.map((name, at) => [name, values[at]])) as Labels<Label>
