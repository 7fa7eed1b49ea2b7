# What stunnel hands each connection to: greets, and takes the answer.
echo hello
read -r answer
