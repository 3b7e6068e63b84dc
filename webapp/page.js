// The sandbox answers under mvn jetty:run alone, and only where no credentials are given.
fetch('sandbox/').then((answer) => {
  document.getElementById('sandbox').hidden = !answer.ok;
});
