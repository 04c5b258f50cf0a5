import { claim, requirement } from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { anonymousQuestion, statelessAsked } from '../../steps/lan-services/services.ts'

export const requirements = [
  requirement('RFC9915-18.3.6-ANONYMOUS', lanServicesAsked, ({ judge, given, at, every, recording, undecided }) => {
    const [first] = recording.frames
    if (every(anonymousQuestion).length === 0 && recording.outcome.end !== 'blocked' && first)
      return undecided(claim`No host sent an Information-request without a Client Identifier in this recording.`, first)
    const { question, answer, mark } = at(anonymousQuestion)
    const asked = given(question, 'RFC7084-L-8')
    given(at(statelessAsked).reply, 'RFC7084-L-8')
    judge.found(answer, mark, claim`The server answers an Information-request without a Client Identifier.`, asked)
  }),
]
