package alirtc.appserver.call;

import java.time.Duration;

/**
 * What counts as evidence that a channel was not empty when a token was issued, so that the stored start stays.
 *
 * <p>An observation shows who is there a little later than the token. Whoever is seen for the first time may have joined
 * in between. An observation that is answered soon after the token, and shows somebody of whom it was known before the
 * token, is taken for the answer to the question that the contract has the server ask at each token; else only joins can
 * tell, if the cloud tells them.
 *
 * @param usersReturn whether a user can get more than one token, so that a new token makes nobody a newcomer
 * @param promptWithin how soon after a token an answer has to come to tell of the moment of the token; not negative
 */
public record StartPolicy(boolean usersReturn, Duration promptWithin) {}
