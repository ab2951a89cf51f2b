import type { Money } from '../model/values/money.js'

/** An exact decimal number: `units` of ten to the power of minus `scale`. */
interface Amount {
  readonly units: bigint
  readonly scale: number
}

/** Amounts of money of one currency each, added up exactly; by currency, empty for one that is not known. */
export class Costs {
  readonly #amounts = new Map<string, Amount>()

  add(currency: string | null, amount: string): void {
    const known = this.#amounts.get(currency ?? '')
    const added = amountOf(amount)
    this.#amounts.set(currency ?? '', known ? sum(known, added) : added)
  }

  addAll(other: Costs): void {
    for (const { currencyCode, amount } of other.list()) this.add(currencyCode, amount)
  }

  /** In the order of the currencies; the one that is not known first. */
  list(): readonly Money[] {
    return [...this.#amounts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, amount]) => ({ currencyCode: currency === '' ? null : currency, amount: textOf(amount) }))
  }
}

function amountOf(text: string): Amount {
  const point = text.indexOf('.')
  if (point < 0) return { units: BigInt(text), scale: 0 }
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

function sum(one: Amount, other: Amount): Amount {
  if (one.scale === other.scale) return { units: one.units + other.units, scale: one.scale }
  const scale = Math.max(one.scale, other.scale)
  const units = (amount: Amount) => amount.units * 10n ** BigInt(scale - amount.scale)
  return { units: units(one) + units(other), scale }
}

/** With as many digits after the point as the amount with the most had. */
function textOf({ units, scale }: Amount): string {
  if (scale === 0) return String(units)
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
