# Runs a program ("$@") that must not outlive whoever started this. Standard input is a pipe that the starter holds open,
# so it ends however the starter ends, by SIGKILL too: then the whole process group is asked to end, and soon after made to.
# The starter closes the pipe to stop the program.
exec 3<&0 </dev/null
trap : TERM
"$@" 3<&- &
program=$!
{
    trap '' TERM
    read -r _ <&3
    kill -s TERM 0
    sleep 2
    kill -s KILL 0
} >/dev/null 2>&1 &
exec 3<&-
# A caught TERM interrupts the wait.
while wait "$program"; status=$?; [ "$status" -gt 128 ] && kill -s 0 "$program" 2>/dev/null; do :; done
exit "$status"
