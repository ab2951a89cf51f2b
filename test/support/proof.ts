/** How often a proof is to be repeated: as often as it promises, or `PROOF_RUNS` times. */
export const runs = (promised: number) => Number(process.env.PROOF_RUNS ?? promised)

/** Says what a long proof has just found, while the rest of it goes on. */
export const teller = (proof: string) => (line: string) => void process.stdout.write(`${proof}: ${line}\n`)

/** How many cases a property tries: a quarter in `npm test`, all in `npm run proof:properties`. */
export const cases = (all: number) => Math.ceil(all * Number(process.env.PROOF_SHARE ?? 0.25))

/** How many do something at once: a few in `npm test`, where the race is the same, all in `npm run proof:properties`. */
export const crowd = (all: number) => ('PROOF_SHARE' in process.env ? cases(all) : Math.min(all, 16))
