/* Runs before the page is drawn: styles know that scripts are there. */
document.documentElement.classList.add("js");
