/** A name and then its number, where the name does not say it. */
export const numberLast = (label: string, number: string | null | undefined): string =>
  number == null || label.includes(number) ? label : `${label} (${number})`

/** A number and then its name, where the name does not say it. */
export const numberFirst = (label: string, number: string | null | undefined): string =>
  number == null || label.includes(number) ? label : `${number} ${label}`

/** What is called so, of whatever a call may lead to. */
export const targetName = ({ label, displayNumber }: { label: string; displayNumber?: string | null }): string =>
  numberLast(label, displayNumber)
