import type { Random } from '../random.js'
import type { OfficeName, StoryPerson } from '../story.js'
import { names, plainLetters } from './names.js'
import { mobileNumber } from './numbers.js'
import type { Size } from './sizes.js'

/** The staff of the offices, one person per extension; the first of each office is an admin. */
export function createPeople(size: Size, random: Random): Record<OfficeName, StoryPerson[]> {
  const taken = new Set<string>()
  let lastId = 0
  const hire = (office: OfficeName, index: number): StoryPerson => {
    const { women, men, families } = names[office]
    const isWoman = random.chance(0.5)
    const firstName = random.pick(isWoman ? women : men)
    const lastName = random.pick(families)[isWoman ? 0 : 1]
    return {
      id: (lastId += 1),
      firstName,
      lastName,
      email: freeAddress(firstName, lastName, taken),
      mobile: mobileNumber[office](index),
      office,
      role: index === 0 ? 'admin' : 'default',
    }
  }
  const staff = (office: OfficeName) =>
    Array.from({ length: size.offices[office].extensions - 1 }, (_, index) => hire(office, index))
  return { izmir: staff('izmir'), prague: staff('prague'), ankara: staff('ankara') }
}

function freeAddress(firstName: string, lastName: string, taken: Set<string>): string {
  const base = `${plainLetters(firstName)}.${plainLetters(lastName)}`
  let address = `${base}@egeyelken.example`
  for (let more = 2; taken.has(address); more += 1) address = `${base}${more}@egeyelken.example`
  taken.add(address)
  return address
}
